import type { Slip } from '@/api'
import type { KnownTicket } from '@/modules/ticket/ticket.store'

/**
 * The slip that an address means. A notice names only the ticket: then it is the one that the reader may act upon, else
 * the latest.
 */
export function pickSlip(ticket: Pick<KnownTicket, 'id' | 'slips' | 'slip_commands'>, id: string): Slip | undefined {
  if (id !== ticket.id) return ticket.slips.find((slip) => slip.id === id)
  const mine = ticket.slip_commands?.filter(({ commands }) => commands.length > 0).map(({ slip_id }) => slip_id) ?? []
  return [...ticket.slips].reverse().find((slip) => mine.includes(slip.id)) ?? ticket.slips.at(-1)
}
