import type { Hold } from '@/api'

/** The server counts no further. */
const counted = 10_000

/** How many wait, in digits. */
export function waitingText(hold: Hold, number: (value: number) => string): string {
  const count = hold.waiting_count ?? 0
  return count >= counted ? `${number(counted)}+` : number(count)
}

/** What stands still for longest comes first: it hurts most. */
export function inOrder(holds: readonly Hold[]): Hold[] {
  return [...holds].sort((a, b) => Date.parse(a.since) - Date.parse(b.since))
}
