import { computed, ref, type ComputedRef } from 'vue'

/**
 * What is typed into a form is not lost by a key pressed too quickly: the first try to leave only asks.
 * @param state  everything that somebody can type, as it is now
 */
export function useUnsaved(state: () => unknown, leave: () => void) {
  const saved = ref(JSON.stringify(state()))
  const isChanged: ComputedRef<boolean> = computed(() => JSON.stringify(state()) !== saved.value)
  const asking = ref(false)

  function tryToLeave(): void {
    if (isChanged.value && !asking.value) asking.value = true
    else leave()
  }
  /** What stands there now is what the server has. */
  function settle(): void {
    saved.value = JSON.stringify(state())
    asking.value = false
  }
  return { isChanged, asking, tryToLeave, settle }
}
