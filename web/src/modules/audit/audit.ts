/** What the audit log is searched for; an action that is not in this list is shown by its own name. */
export const auditActions = [
  'signed_in',
  'signed_out',
  'sign_in_failed',
  'password_set',
  'password_reset',
  'sessions_ended',
  'customer_revealed',
  'staff_created',
  'staff_changed',
  'staff_disabled',
  'staff_enabled',
  'role_changed',
  'unit_created',
  'unit_changed',
  'area_created',
  'area_changed',
  'policy_changed',
  'holidays_changed',
  'article_created',
  'article_changed',
  'article_published',
  'article_retired',
  'script_created',
  'script_changed',
  'script_published',
  'script_retired',
  'token_issued',
  'token_revoked',
  'matrix_row_created',
  'matrix_row_changed',
  'matrix_row_retired',
  'matrix_row_restored',
  'webhook_created',
  'webhook_changed',
  'webhook_removed',
  'webhook_enabled',
  'webhook_disabled',
  'webhook_secret_rotated',
  'webhook_tested',
  'delivery_resent',
  'deliveries_resent',
  'dead_letter_resent',
  'dead_letters_resent',
  'hold_placed',
  'hold_released',
  'backup_requested',
  'drill_requested',
] as const

/** Words for a coded value: a role, a unit. */
export type Words = (member: string, value: string) => string

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** A value of a record in one line: members of lists and of inner objects one after the other, empty ones left out. */
function inWords(member: string, value: unknown, words: Words): string {
  if (Array.isArray(value))
    return value
      .map((one) => inWords(member, one, words))
      .filter(Boolean)
      .join(', ')
  if (isRecord(value))
    return Object.entries(value)
      .map(([name, inner]) => inWords(name, inner, words))
      .filter(Boolean)
      .join(' ')
  return value === null || value === undefined ? '' : words(member, String(value))
}

/** What an entry of the audit log says beyond who and what, as names and values. */
export function detailsOf(data: Record<string, unknown>, words: Words): [name: string, value: string][] {
  return Object.entries(data)
    .map(([name, value]): [string, string] => [name, inWords(name, value, words)])
    .filter(([, value]) => value !== '')
}
