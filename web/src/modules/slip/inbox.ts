import type { Slip, SlipInInbox } from '@/api'
import { needOf, type SlipNeed } from '@/modules/ticket/slips'

/** What stands at the top, whatever it waits for; then by what it waits for. */
export const sectionIds = ['late', 'soon', 'sign', 'appoint', 'contact', 'propose', 'complete', 'confirm'] as const
export type SectionId = (typeof sectionIds)[number]

export interface Section {
  id: SectionId
  slips: SlipInInbox[]
}

const soonMs = 2 * 3_600_000

/** Where a slip stands in the inbox. One that is completed waits for the owner and is nobody's hurry here. */
export function sectionOf(slip: SlipInInbox, now: number): SectionId | undefined {
  const need = needOf(slip)
  if (need === 'none') return undefined
  if (need === 'confirm') return 'confirm'
  const leftMs = Date.parse(slip.next_due_at) - now
  if (leftMs <= 0) return 'late'
  return leftMs < soonMs ? 'soon' : need
}

export function arrange(slips: readonly SlipInInbox[], now: number): Section[] {
  const found = new Map<SectionId, SlipInInbox[]>()
  for (const slip of slips) {
    const id = sectionOf(slip, now)
    if (id) found.set(id, [...(found.get(id) ?? []), slip])
  }
  const byDue = (a: SlipInInbox, b: SlipInInbox) => a.next_due_at.localeCompare(b.next_due_at)
  return sectionIds.flatMap((id) => {
    const slips = found.get(id)
    return slips ? [{ id, slips: slips.sort(byDue) }] : []
  })
}

export const filters = ['all', 'late', 'sign', 'appoint', 'contact', 'propose', 'complete', 'confirm'] as const
export type Filter = (typeof filters)[number]

export function matches(slip: SlipInInbox, filter: Filter, now: number): boolean {
  if (filter === 'all') return true
  if (filter === 'late') return sectionOf(slip, now) === 'late'
  return needOf(slip) === (filter satisfies SlipNeed)
}

/** What a list row knows, brought up to what the ticket says by now. */
export function refreshed(row: SlipInInbox, ticket: { version: number; slips: Slip[] } | undefined): SlipInInbox {
  if (!ticket || ticket.version <= row.ticket_version) return row
  const now = ticket.slips.find(({ id }) => id === row.id)
  return now ? { ...row, ...now, ticket_version: ticket.version } : row
}
