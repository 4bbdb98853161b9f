import createClient from 'openapi-fetch'
import type { paths } from './schema'
import { send } from './transport'

/** Typed by the OpenAPI document: a wrong path, parameter or body does not compile. */
export const api = createClient<paths>({ baseUrl: `${location.origin}/api/v1`, fetch: send })

/** The header of a command: "I looked at this version". */
export function ifMatch(of: { version: number }): { 'If-Match': string } {
  return { 'If-Match': `"${of.version}"` }
}

/** One key per click: sending the same click again after a lost answer cannot act twice. */
export function clickKey(): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': crypto.randomUUID() }
}
