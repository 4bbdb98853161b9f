import { useEventListener } from '@vueuse/core'
import { createMatcher, isField } from '@/shared/commands'

export function useShortcuts(): void {
  const match = createMatcher()
  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented) return
    const command = match(event, isField(event.target), event.timeStamp)
    if (!command) return
    event.preventDefault()
    command.run()
  })
}
