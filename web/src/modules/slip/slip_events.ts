import type { EventType, Slip, TicketEvent } from '@/api'
import { slipNoOf } from '@/modules/ticket/timeline'

/** What concerns every part of a matter. */
const ofAll = new Set<EventType>([
  'ticket_received',
  'customer_wrote',
  'replied',
  'progress_told',
  'noted',
  'regraded',
  'waiting_started',
  'waiting_ended',
  'attachment_added',
])

export const noOf = (slip: Pick<Slip, 'number'>) => slip.number.slice(slip.number.lastIndexOf('-') + 1)

/** The ticket's history as somebody who works on one slip needs it: that slip's, and what concerns all. */
export function eventsOfSlip(events: readonly TicketEvent[], slip: Pick<Slip, 'number'>): TicketEvent[] {
  const no = noOf(slip)
  return events.filter((event) => {
    const about = slipNoOf(event)
    return about === undefined ? ofAll.has(event.type) : about === no
  })
}
