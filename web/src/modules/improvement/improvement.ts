import type { Improvement } from '@/api'
import { fromLocalField } from '@/shared/timezone'

export const views = ['open', 'mine', 'overdue', 'to_check', 'effective', 'cancelled', 'all'] as const
export type View = (typeof views)[number]
export type Source = Improvement['source']
export const sources: Source[] = ['complaint', 'follow_up', 'inspection', 'manual']
export type CommandName = Improvement['commands'][number]

/** What of the list a view asks for. */
export function queryOf(view: View, me: string) {
  if (view === 'mine') return { owner_id: me }
  if (view === 'overdue') return { overdue: true }
  return view === 'all' ? {} : { state: view }
}

export interface NewItemForm {
  source: Source
  reference: string
  ticketId: string
  title: string
  problem: string
  ownerUnit: string
  ownerId: string
  checkerUnit: string
  checkerId: string
  measure: string
  dueAt: string
  checkAt: string
}
export const emptyItem = (over: Partial<NewItemForm> = {}): NewItemForm => ({
  source: 'manual',
  reference: '',
  ticketId: '',
  title: '',
  problem: '',
  ownerUnit: '',
  ownerId: '',
  checkerUnit: '',
  checkerId: '',
  measure: '',
  dueAt: '',
  checkAt: '',
  ...over,
})

const instant = (zone: string, field: string) => fromLocalField(zone, field)?.toISOString() ?? ''

/** @returns the names of what is still empty, in the order of the form */
export function missingOf(form: NewItemForm): string[] {
  const needed = { title: form.title, owner_id: form.ownerId, checker_id: form.checkerId, measure: form.measure }
  const moments = { due_at: form.dueAt, check_at: form.checkAt }
  return Object.entries({ ...needed, ...moments })
    .filter(([, value]) => !value.trim())
    .map(([name]) => name)
}

export function toNewItem(form: NewItemForm, zone: string) {
  return {
    source: form.source,
    ...(form.reference.trim() ? { reference: form.reference.trim() } : {}),
    ...(form.ticketId ? { ticket_id: form.ticketId } : {}),
    title: form.title.trim(),
    ...(form.problem.trim() ? { problem: form.problem.trim() } : {}),
    owner_id: form.ownerId,
    checker_id: form.checkerId,
    measure: form.measure.trim(),
    due_at: instant(zone, form.dueAt),
    check_at: instant(zone, form.checkAt),
  }
}
