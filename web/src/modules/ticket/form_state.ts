import type { FieldError } from '@/api'
import { fromLocalField } from '@/shared/timezone'
import type { FormField } from './command_forms'

export type FormValue = string | number | boolean | undefined
export type FormValues = Record<string, FormValue>

/** What the server should get: moments as instants, empty optional fields left out. */
export function toBody(fields: FormField[], values: FormValues, zone: string): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.name]
    if (value === undefined || value === '') continue
    if (field.kind === 'moment') body[field.name] = fromLocalField(zone, String(value))?.toISOString()
    else body[field.name] = typeof value === 'string' ? value.trim() : value
  }
  return body
}

/** @returns names of required fields that are still empty, in the order of the form */
export function emptyFields(fields: FormField[], values: FormValues): string[] {
  return fields
    .filter(({ name, required }) => required && (values[name] === undefined || String(values[name]).trim() === ''))
    .map(({ name }) => name)
}

/** Puts each of the server's remarks to the field that its pointer (`/expected_at`) names. */
export function errorsByField(
  errors: FieldError[] | undefined,
  names: string[],
): { at: Record<string, string>; rest: string[] } {
  const at: Record<string, string> = {}
  const rest: string[] = []
  for (const error of errors ?? []) {
    const name = names.find((one) => error.pointer === `/${one}` || error.pointer.startsWith(`/${one}/`))
    if (name) at[name] = at[name] ? `${at[name]} ${error.detail}` : error.detail
    else rest.push(error.detail)
  }
  return { at, rest }
}
