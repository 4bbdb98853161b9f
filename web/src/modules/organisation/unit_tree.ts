import type { Unit } from '@/api'

/** Units under their parents, in order, each with its depth. One whose parent is not shown stands at the top. */
export function unitTree<T extends Pick<Unit, 'id' | 'parent_id'>>(units: T[]): (T & { depth: number })[] {
  const known = new Set(units.map(({ id }) => id))
  const under = (parent: string | null, depth: number): (T & { depth: number })[] =>
    units
      .filter(({ parent_id }) => (parent === null ? !parent_id || !known.has(parent_id) : parent_id === parent))
      .flatMap((unit) => [{ ...unit, depth }, ...under(unit.id, depth + 1)])
  return under(null, 0)
}
