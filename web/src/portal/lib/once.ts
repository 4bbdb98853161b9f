import { newKey } from './browser'

/**
 * One Idempotency-Key per act: the same body keeps its key until it got through, so that trying again after a lost answer
 * never acts twice; another body is another act.
 */
export function onceKeys(make: () => string = newKey) {
  let last: { body: string; key: string } | undefined
  return {
    of(body: unknown): string {
      const text = JSON.stringify(body)
      if (last?.body !== text) last = { body: text, key: make() }
      return last.key
    },
    done(): void {
      last = undefined
    },
  }
}
