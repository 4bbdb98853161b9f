import type { TicketSummary } from '@/api'

export interface GateItem {
  /** Last part of the key `ticket.gate.…`. */
  key:
    | 'triaged'
    | 'record'
    | 'promises'
    | 'solution'
    | 'agreement'
    | 'implementation'
    | 'result'
    | 'rating'
    | 'rework'
    | 'slips'
  done: boolean
  fields?: string[]
}

/**
 * What stands between now and the archive, read off the ticket as the server sent it. It explains; whether a ticket may
 * be archived is decided by the server alone.
 */
export function gateOf(ticket: TicketSummary): GateItem[] {
  if (ticket.step === 'archived' || ticket.step === 'cancelled') return []
  const items: GateItem[] = [
    { key: 'triaged', done: Boolean(ticket.class && ticket.grade) },
    { key: 'record', done: ticket.missing.length === 0, fields: ticket.missing },
  ]
  const binding = ticket.promises.filter(({ replaced_at }) => !replaced_at)
  if (binding.length) items.push({ key: 'promises', done: binding.every(({ kept_at }) => kept_at) })
  if (!ticket.first_contact_resolution) {
    items.push(
      { key: 'solution', done: ticket.solution !== null },
      { key: 'agreement', done: ticket.solution?.state === 'agreed' },
      { key: 'implementation', done: ticket.implementation !== null },
    )
  }
  if (ticket.slips.length)
    items.push({ key: 'slips', done: !ticket.waits_for_ruling && ticket.slips.every(({ ended_at }) => ended_at) })
  items.push({ key: 'result', done: ticket.result !== null }, { key: 'rating', done: ticket.rating !== null })
  if (ticket.rework) items.push({ key: 'rework', done: false })
  return items
}
