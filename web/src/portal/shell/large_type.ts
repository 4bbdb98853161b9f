import { ref, watch } from 'vue'
import { readShelf, writeShelf } from '../lib/browser'

const place = 'shouwen.portal.large'

/** A quarter larger, for those who do not know where their browser hides it. */
export const largeType = ref(readShelf(localStorage, place) === true)

export function applyLargeType(): void {
  watch(
    largeType,
    (large) => {
      document.documentElement.toggleAttribute('data-large', large)
      writeShelf(localStorage, place, large || null)
    },
    { immediate: true },
  )
}
