import type { FieldError, NewSlip, Proposal, TicketSummary } from '@/api'
import { fromLocalField } from '@/shared/timezone'

/** One part of a transfer while it is being written. */
export interface SlipRow {
  unit_id: string
  assignee_id: string
  problem: string
  demand: string
  /** As a field of the page holds it; empty: the policy says. */
  due_at: string
  lead: boolean
}
export const rowFields = ['unit_id', 'assignee_id', 'problem', 'demand', 'due_at', 'lead'] as const
export type RowField = (typeof rowFields)[number]
const required: RowField[] = ['unit_id', 'problem', 'demand']

type Known = Pick<TicketSummary, 'subject' | 'content' | 'demand' | 'slips'>

/** Begins with what the customer said, so that nothing is typed twice; the first one leads where nobody does yet. */
export function newRow(ticket: Known | undefined, rows: readonly SlipRow[] = []): SlipRow {
  const isLed = rows.some(({ lead }) => lead) || ticket?.slips.some(({ lead, ended_at }) => lead && !ended_at)
  return {
    unit_id: '',
    assignee_id: '',
    problem: ticket?.content ?? '',
    demand: ticket?.demand ?? '',
    due_at: '',
    lead: !isLed,
  }
}

/** Nobody has typed or chosen anything yet. */
export const isUntouched = (rows: readonly SlipRow[], ticket: Known | undefined) =>
  JSON.stringify(rows) === JSON.stringify([newRow(ticket)])

/** The parts that the responsibility matrix proposes (D4); units that are at work on the ticket already get no second one. */
export function rowsFrom(
  proposal: Pick<Proposal, 'lead_unit' | 'lead_staff' | 'cooperating'>,
  ticket: Known | undefined,
): SlipRow[] {
  const busy = new Set(ticket?.slips.filter(({ ended_at }) => !ended_at).map(({ unit_id }) => unit_id))
  const first = newRow(ticket)
  const { lead_unit: lead, lead_staff: handler } = proposal
  const rows: SlipRow[] = lead ? [{ ...first, unit_id: lead.id, assignee_id: handler?.id ?? '' }] : []
  for (const { unit, duty } of proposal.cooperating)
    if (unit) rows.push({ ...first, unit_id: unit.id, demand: duty || first.demand, lead: false })
  return rows.filter(({ unit_id }) => !busy.has(unit_id))
}

/** Adds what is proposed to what somebody has written; parts without a unit give way. At most one leads. */
export function withProposed(rows: readonly SlipRow[], proposed: readonly SlipRow[]): SlipRow[] {
  const own = rows.filter(({ unit_id }) => unit_id)
  const isLed = own.some(({ lead }) => lead)
  const added = proposed
    .filter(({ unit_id }) => !own.some((row) => row.unit_id === unit_id))
    .map((row) => ({ ...row, lead: row.lead && !isLed }))
  return [...own, ...added]
}

/** At most one leads; whoever is the lead already steps back when pressed again. */
export function chooseLead(rows: readonly SlipRow[], index: number): SlipRow[] {
  return rows.map((row, at) => ({ ...row, lead: at === index && !row.lead }))
}

export function toOrders(rows: readonly SlipRow[], zone: string): NewSlip[] {
  return rows.map((row) => {
    const due = row.due_at ? fromLocalField(zone, row.due_at)?.toISOString() : undefined
    return {
      unit_id: row.unit_id,
      ...(row.assignee_id ? { assignee_id: row.assignee_id } : {}),
      problem: row.problem.trim(),
      demand: row.demand.trim(),
      ...(due ? { due_at: due } : {}),
      lead: row.lead,
    }
  })
}

/** What is still empty: `0/unit_id`, in the order of the form. */
export function emptyParts(rows: readonly SlipRow[]): string[] {
  return rows.flatMap((row, index) =>
    required.filter((name) => !String(row[name]).trim()).map((name) => `${index}/${name}`),
  )
}

/** The server's remarks by the part they are about: pointer `/slips/0/unit_id` gives `0/unit_id`. */
export function remarksByPart(errors: readonly FieldError[] | undefined): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { pointer, detail } of errors ?? []) {
    const part = /^\/slips\/(\d+\/\w+)$/.exec(pointer)?.[1]
    if (part) found[part] = found[part] ? `${found[part]} ${detail}` : detail
  }
  return found
}
