import type { Staff } from '@/api'

/**
 * Who is worth asking, by the rights that the server tells of each person. Only the server knows who may read and own
 * this very ticket; whom it refuses, it refuses at the field.
 */
export function mayTakeOver(person: Staff, owner: { id: string; unit_id?: string }): boolean {
  if (person.id === owner.id || person.disabled_at || !person.permissions.includes('ticket_act')) return false
  return person.permissions.includes('ticket_read_all') || person.unit_id === owner.unit_id
}

/** Colleagues of the owner's unit first, then by name; nobody twice. */
export function inOrder(people: readonly Staff[], owner: { id: string; unit_id?: string }): Staff[] {
  const found = new Map(people.filter((person) => mayTakeOver(person, owner)).map((person) => [person.id, person]))
  const rank = (person: Staff) => (person.unit_id === owner.unit_id ? 0 : 1)
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'zh'))
}
