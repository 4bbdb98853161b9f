import type { TicketClass } from '@/api/types'
import type { NewPublicRequest } from '../api'
import { readShelf, writeShelf, type Shelf } from '../lib/browser'

/** What somebody fills in; kept in this browser at every key press until it is sent. */
export interface Draft {
  class: TicketClass | null
  category: string | null
  area_id: string | null
  merchant_id: string | null
  subject: string
  content: string
  demand: string
  name: string
  phone: string
  email: string
  /** Given anew each time, so never kept. */
  consent: boolean
}

/** A request on its way: the same key and body until the server has answered, however often it is tried. */
export interface Sending {
  key: string
  body: NewPublicRequest
  /** ms since 1970, by this browser's clock */
  since: number
}

export interface Kept {
  draft: Draft
  sending: Sending | null
}

export const emptyDraft = (): Draft => ({
  class: null,
  category: null,
  area_id: null,
  merchant_id: null,
  subject: '',
  content: '',
  demand: '',
  name: '',
  phone: '',
  email: '',
  consent: false,
})

export const limits = { subject: 200, content: 10_000, demand: 10_000, name: 100, phone: 40, email: 200 }

const place = 'shouwen.portal.draft'
/** The server remembers keys for 24 hours; an older try may not be repeated without asking. */
const keyLifeMs = 23 * 3_600_000

export function readKept(shelf: Shelf, now: number): Kept {
  const kept: Kept = { draft: emptyDraft(), sending: null }
  const found = readShelf(shelf, place) as { draft?: Record<string, unknown>; sending?: Sending | null } | null
  if (!found || typeof found !== 'object') return kept
  const draft: Record<string, unknown> = {}
  for (const [field, empty] of Object.entries(emptyDraft())) {
    const value = found.draft?.[field]
    if (typeof value === 'string' && (empty === null || typeof empty === 'string')) draft[field] = value
  }
  Object.assign(kept.draft, draft)
  const sending = found.sending
  if (sending?.key && sending.body && now - sending.since < keyLifeMs) kept.sending = sending
  return kept
}

export function writeKept(shelf: Shelf, { draft, sending }: Kept): boolean {
  if (isEmpty(draft) && !sending) return writeShelf(shelf, place, null)
  return writeShelf(shelf, place, { draft: { ...draft, consent: false }, sending })
}

export const isEmpty = (draft: Draft): boolean =>
  Object.entries(draft).every(([field, value]) => field === 'consent' || value === null || value === '')

const orNull = (text: string) => text.trim() || null

export function toBody(draft: Draft): NewPublicRequest {
  return {
    channel: 'web',
    class: draft.class,
    category: draft.category,
    area_id: draft.area_id,
    merchant_id: draft.merchant_id,
    subject: draft.subject.trim(),
    content: draft.content.trim(),
    demand: orNull(draft.demand),
    customer: { name: draft.name.trim(), phone: orNull(draft.phone), email: orNull(draft.email) },
    consent: true,
  }
}

export type Field = keyof Draft
/** Field → the key of a text below `portal.fault`. */
export type Faults = Partial<Record<Field, string>>

/** What can be seen without the server; it checks again, and more. */
export function check(draft: Draft): Faults {
  const faults: Faults = {}
  if (!draft.class) faults.class = 'class'
  if (!draft.subject.trim()) faults.subject = 'subject'
  if (!draft.content.trim()) faults.content = 'content'
  if (!draft.name.trim()) faults.name = 'name'
  if (!draft.phone.trim() && !draft.email.trim()) faults.phone = 'contact'
  if (!draft.consent) faults.consent = 'consent'
  return faults
}

/** The order in which the fields stand on the page: the first wrong one gets the focus. */
export const fieldOrder: Field[] = [
  'class',
  'category',
  'merchant_id',
  'area_id',
  'subject',
  'content',
  'demand',
  'name',
  'phone',
  'email',
  'consent',
]

/** @returns the field that a problem's JSON pointer names: `/customer/phone` → `phone`; undefined for none of ours */
export function fieldOf(pointer: string): Field | undefined {
  const name = pointer.replace(/^#?\//, '').replace(/^customer\//, '')
  if (name === 'customer' || name === 'contact') return 'phone'
  return fieldOrder.find((field) => field === name)
}
