import type { TicketSummary } from '@/api'

/** One thing that whoever takes the ticket over has to know. */
export type Affair =
  | { kind: 'step'; step: TicketSummary['step'] }
  | { kind: 'due'; obligation: string; at: string }
  | { kind: 'waiting'; since: string; reason: string }
  | { kind: 'rework'; reason: string }
  | { kind: 'promise'; reason: string; at: string }
  | { kind: 'slip'; unit: string; state: TicketSummary['slips'][number]['state']; at: string }
  | { kind: 'solution'; solution: string; state: 'proposed' | 'agreed' | 'declined' }
  | { kind: 'missing'; fields: string[] }

/** How a matter stands, from what the server says of it: where it is, what is due, promised and handed to units. */
export function affairsOf(ticket: TicketSummary): Affair[] {
  const found: Affair[] = [{ kind: 'step', step: ticket.step }]
  const { next_due: due, waiting_since: since, rework, solution } = ticket
  if (due) found.push({ kind: 'due', obligation: due.kind, at: due.due_at })
  if (since) found.push({ kind: 'waiting', since, reason: ticket.waiting_reason ?? '' })
  if (rework) found.push({ kind: 'rework', reason: rework.reason })
  // The date of a solution is told with the solution.
  for (const promise of openPromises(ticket))
    if (!promise.by_solution) found.push({ kind: 'promise', reason: promise.reason, at: promise.expected_at })
  for (const slip of openSlips(ticket))
    found.push({ kind: 'slip', unit: slip.unit_name, state: slip.state, at: slip.due_at })
  if (solution && !ticket.result) found.push({ kind: 'solution', solution: solution.solution, state: solution.state })
  if (ticket.missing.length) found.push({ kind: 'missing', fields: ticket.missing })
  return found
}

export const openPromises = (ticket: Pick<TicketSummary, 'promises'>) =>
  ticket.promises.filter(({ kept_at, replaced_at }) => !kept_at && !replaced_at)
export const openSlips = (ticket: Pick<TicketSummary, 'slips'>) => ticket.slips.filter(({ ended_at }) => !ended_at)
