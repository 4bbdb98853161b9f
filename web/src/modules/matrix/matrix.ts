import type { FieldError, MatrixRow, NewMatrixRow, OwnLimits, Proposal, ProposalCandidate, TicketClass } from '@/api'

export const classes: TicketClass[] = ['consultation', 'suggestion', 'complaint', 'help', 'repair', 'business']
export const grades = ['L1', 'L2', 'L3'] as const

export interface RowGroup {
  /** None: rows for any class. */
  class: TicketClass | null
  rows: MatrixRow[]
}

/** Rows by class in the order of the classes, those for any class last; within, general ones before special ones. */
export function groupsOf(rows: readonly MatrixRow[]): RowGroup[] {
  const rank = (row: MatrixRow) => [
    row.category ? 1 : 0,
    row.category ?? '',
    row.merchant?.name ?? '',
    row.area?.name ?? '',
    row.retired_at ?? '',
  ]
  const before = (a: MatrixRow, b: MatrixRow) => {
    const [left, right] = [rank(a), rank(b)]
    const at = left.findIndex((value, index) => value !== right[index])
    return at < 0 ? 0 : (left[at] ?? '') < (right[at] ?? '') ? -1 : 1
  }
  return [...classes, null]
    .map((one) => ({ class: one, rows: rows.filter((row) => row.class === one).sort(before) }))
    .filter((group) => group.rows.length > 0)
}

export type RowState = 'valid' | 'faulty' | 'retired'
export const stateOf = (row: MatrixRow): RowState =>
  row.retired_at ? 'retired' : row.faults.length > 0 ? 'faulty' : 'valid'

/** @param words  what the row says that only the page can name: its category */
export function contains(row: MatrixRow, text: string, words: string): boolean {
  const wanted = text.trim().toLowerCase()
  if (!wanted) return true
  const names = [row.area, row.merchant, row.lead_unit, row.lead_staff, row.teller_unit].map((one) => one?.name ?? '')
  const duties = row.cooperating.flatMap(({ unit, duty }) => [unit?.name ?? '', duty])
  return [words, ...names, ...duties, row.comment ?? ''].some((one) => one.toLowerCase().includes(wanted))
}

/** What somebody types; an empty text is any, or none. */
export interface RowForm {
  class: TicketClass | ''
  category: string
  area_id: string
  merchant_id: string
  lead_unit_id: string
  lead_staff_id: string
  cooperating: { unit_id: string; duty: string }[]
  teller_unit_id: string
  slip_plan: Record<(typeof grades)[number], string>
  slip_complete: Record<(typeof grades)[number], string>
  comment: string
}

const typed = (limits?: OwnLimits) => ({ L1: limits?.L1 ?? '', L2: limits?.L2 ?? '', L3: limits?.L3 ?? '' })

export function formOf(row?: MatrixRow): RowForm {
  return {
    class: row?.class ?? '',
    category: row?.category ?? '',
    area_id: row?.area?.id ?? '',
    merchant_id: row?.merchant?.id ?? '',
    lead_unit_id: row?.lead_unit.id ?? '',
    lead_staff_id: row?.lead_staff?.id ?? '',
    cooperating: (row?.cooperating ?? []).map(({ unit, duty }) => ({ unit_id: unit?.id ?? '', duty })),
    teller_unit_id: row?.teller_unit?.id ?? '',
    slip_plan: typed(row?.slip_plan),
    slip_complete: typed(row?.slip_complete),
    comment: row?.comment ?? '',
  }
}

const sent = (limits: RowForm['slip_plan']): OwnLimits => ({
  L1: limits.L1 || null,
  L2: limits.L2 || null,
  L3: limits.L3 || null,
})

export function bodyOf(form: RowForm): NewMatrixRow {
  return {
    class: form.class || null,
    category: form.category || null,
    area_id: form.area_id || null,
    merchant_id: form.merchant_id || null,
    lead_unit_id: form.lead_unit_id,
    lead_staff_id: form.lead_staff_id || null,
    cooperating: form.cooperating.map(({ unit_id, duty }) => ({ unit_id, duty })),
    teller_unit_id: form.teller_unit_id || null,
    slip_plan: sent(form.slip_plan),
    slip_complete: sent(form.slip_complete),
    comment: form.comment.trim() || null,
  }
}

/** Remarks by their places; those for which the form has no place. */
export function remarksOf(errors: readonly FieldError[] | undefined, form: RowForm) {
  const places = new Set([
    ...Object.keys(form).map((name) => `/${name}`),
    ...form.cooperating.flatMap((_one, at) => [`/cooperating/${at}/unit_id`, `/cooperating/${at}/duty`]),
    ...grades.flatMap((grade) => [`/slip_plan/${grade}`, `/slip_complete/${grade}`]),
  ])
  const at: Record<string, string> = {}
  const rest: string[] = []
  for (const { pointer, detail } of errors ?? [])
    if (places.has(pointer)) at[pointer] = at[pointer] ? `${at[pointer]} ${detail}` : detail
    else rest.push(detail)
  return { at, rest }
}

/** The candidate that is followed. */
export const chosenOf = (proposal: Proposal): ProposalCandidate | undefined =>
  proposal.candidates.find(({ outcome }) => outcome === 'proposed')
