import type { FieldError } from '@/api'
import { fromLocalField } from '@/shared/timezone'
import type { FormField } from './command_forms'
import { emptyParts, remarksByPart, toOrders, type SlipRow } from './slip_rows'

export type FormValue = string | number | boolean | SlipRow[] | undefined
export type FormValues = Record<string, FormValue>

/** What the server should get: moments as instants, empty optional fields left out. */
export function toBody(fields: FormField[], values: FormValues, zone: string): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.name]
    if (value === undefined || value === '') continue
    if (Array.isArray(value)) body[field.name] = toOrders(value, zone)
    else if (field.kind === 'moment') body[field.name] = fromLocalField(zone, String(value))?.toISOString()
    else body[field.name] = typeof value === 'string' ? value.trim() : value
  }
  return body
}

/** @returns names of required fields that are still empty (`slips/0/unit_id` for a part of one), in the order of the form */
export function emptyFields(fields: FormField[], values: FormValues): string[] {
  return fields
    .filter(({ required }) => required)
    .flatMap(({ name }) => {
      const value = values[name]
      if (Array.isArray(value)) return emptyParts(value).map((part) => `${name}/${part}`)
      return value === undefined || String(value).trim() === '' ? [name] : []
    })
}

/** Puts each of the server's remarks to the field that its pointer (`/expected_at`) names. */
export function errorsByField(
  errors: FieldError[] | undefined,
  names: string[],
): { at: Record<string, string>; rest: string[] } {
  const at: Record<string, string> = {}
  const rest: string[] = []
  const parts = remarksByPart(errors)
  for (const [part, detail] of Object.entries(parts)) at[`slips/${part}`] = detail
  for (const error of errors ?? []) {
    if (error.pointer.replace('/slips/', '') in parts) continue
    const name = names.find((one) => error.pointer === `/${one}` || error.pointer.startsWith(`/${one}/`))
    if (name) at[name] = at[name] ? `${at[name]} ${error.detail}` : error.detail
    else rest.push(error.detail)
  }
  return { at, rest }
}
