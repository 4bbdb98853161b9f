import { useResizeObserver } from '@vueuse/core'
import { computed, ref, watch, type Ref } from 'vue'
import { rowWindow, scrollToShow } from './row_window'

/**
 * Which rows of a long list with rows of one height are in sight. Nothing here grows with the number of rows: where each
 * one stands follows from its number.
 */
export function useRowWindow(box: Readonly<Ref<HTMLElement | null>>, count: () => number, rowHeight: () => number) {
  const scrollTop = ref(0)
  // Before the box is laid out: as high as it may be, so that the first picture is complete.
  const height = ref(window.innerHeight)
  useResizeObserver(box, () => (height.value = box.value?.clientHeight || height.value))
  watch(rowHeight, (now, before) => {
    // The same row stays on top.
    if (box.value) box.value.scrollTop = (scrollTop.value / before) * now
  })

  const bounds = computed(() => rowWindow(scrollTop.value, height.value, rowHeight(), count()))
  return {
    indices: computed(() => {
      const { first, end } = bounds.value
      return Array.from({ length: end - first }, (_, n) => first + n)
    }),
    /** Rows that go out of sight are filled anew for those that come: at most so many are ever made. */
    poolSize: computed(() => bounds.value.poolSize),
    scrolled: () => (scrollTop.value = box.value?.scrollTop ?? 0),
    show(index: number): void {
      if (box.value) box.value.scrollTop = scrollToShow(index, box.value.scrollTop, height.value, rowHeight())
    },
  }
}
