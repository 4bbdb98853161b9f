import type { Webhook } from '@/api'

export type Health = 'good' | 'new' | 'failing' | 'disabled'

/** How a webhook does, in one word. */
export function healthOf(webhook: Pick<Webhook, 'disabled_at' | 'failing_since' | 'last_success_at'>): Health {
  if (webhook.disabled_at) return 'disabled'
  if (webhook.failing_since) return 'failing'
  return webhook.last_success_at ? 'good' : 'new'
}

export interface KindGroup {
  noun: string
  kinds: string[]
}

/** Kinds of events by the noun before the dot, in the order in which they come. */
export function groupsOf(kinds: readonly string[]): KindGroup[] {
  const groups = new Map<string, string[]>()
  for (const kind of kinds) {
    const noun = kind.split('.')[0] ?? kind
    groups.set(noun, [...(groups.get(noun) ?? []), kind])
  }
  return [...groups].map(([noun, all]) => ({ noun, kinds: all }))
}

/** The name under which the ticket's history knows the event: `ticket.responded` → `responded`. */
export function eventNameOf(kind: string): string {
  if (kind === 'ticket.received') return 'ticket_received'
  const [noun, verb] = kind.split('.')
  return noun === 'ticket' ? (verb ?? kind) : kind.replace('.', '_')
}

/** All of a group chosen, or none of it. */
export function toggled(chosen: readonly string[], group: KindGroup): string[] {
  const others = chosen.filter((kind) => !group.kinds.includes(kind))
  return group.kinds.every((kind) => chosen.includes(kind)) ? others : [...others, ...group.kinds]
}
