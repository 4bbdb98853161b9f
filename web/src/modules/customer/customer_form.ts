import type { Customer } from '@/api'

/** What somebody can type about a customer; empty text: nothing known. */
export interface CustomerFields {
  name: string
  phone: string
  email: string
  account_no: string
  address: string
  language: Customer['language']
  note: string
  tags: string[]
}

export const emptyFields = (): CustomerFields => ({
  name: '',
  phone: '',
  email: '',
  account_no: '',
  address: '',
  language: 'zh-CN',
  note: '',
  tags: [],
})

/** A file as its form begins: masked values stand there as they are shown, and come back unchanged if nobody types. */
export function fieldsOf(customer: Customer): CustomerFields {
  const { name, phone, email, account_no, address, language, note, tags } = customer
  return {
    name,
    phone: phone ?? '',
    email: email ?? '',
    account_no: account_no ?? '',
    address: address ?? '',
    language,
    note: note ?? '',
    tags: [...(tags ?? [])],
  }
}

/** The body of a request. @param ownNotes whether the reader has the platform's notes and tags at all */
export function bodyOf(fields: CustomerFields, ownNotes: boolean) {
  const { name, language, note, tags, ...reachable } = fields
  const known = Object.fromEntries(
    Object.entries(reachable).map(([field, value]) => [field, value.trim() || null]),
  ) as Record<keyof typeof reachable, string | null>
  return { name: name.trim(), language, ...known, ...(ownNotes ? { note: note.trim() || null, tags } : {}) }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * Somebody else changed the file meanwhile. What was not touched takes the newer value; what was typed stays.
 * @returns the fields that both changed, differently: a person decides
 */
export function rebase(
  base: CustomerFields,
  typed: CustomerFields,
  newer: CustomerFields,
): { fields: CustomerFields; contested: (keyof CustomerFields)[] } {
  const fields: Record<string, unknown> = { ...typed }
  const contested: (keyof CustomerFields)[] = []
  for (const field of Object.keys(base) as (keyof CustomerFields)[]) {
    if (isSame(typed[field], base[field])) fields[field] = newer[field]
    else if (!isSame(newer[field], base[field]) && !isSame(newer[field], typed[field])) contested.push(field)
  }
  return { fields: fields as unknown as CustomerFields, contested }
}

/** What is typed into the search is a telephone number when it has digits enough and nothing but a number's signs. */
export function searchQuery(typed: string): { phone?: string; q?: string } {
  const text = typed.trim()
  if (!text) return {}
  const digits = text.replace(/\D/g, '')
  return /^[+\d\s()#-]+$/.test(text) && digits.length >= 3 ? { phone: text } : { q: text }
}
