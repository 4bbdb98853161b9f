/** What JSON is made of. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined }

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Lists of things with a name of their own are joined thing by thing, other lists as a whole. */
const names = ['code', 'id'] as const

function nameOf(item: Json): string | undefined {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return undefined
  for (const name of names) if (typeof item[name] === 'string') return item[name]
  return undefined
}
const isNamedList = (value: Json | undefined): value is Json[] =>
  Array.isArray(value) && value.every((item) => nameOf(item) !== undefined)
const isObject = (value: Json | undefined): value is { [key: string]: Json | undefined } =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

export interface Merged<T> {
  value: T
  /** Pointers of what both changed differently; mine stands there. */
  conflicts: string[]
}

/** Puts what I changed since `base` on top of what others made of it. Neither side's changes are lost but where both touched the same. */
export function merge<T>(base: T, mine: T, theirs: T): Merged<T> {
  const conflicts: string[] = []
  const value = join(base as Json, mine as Json, theirs as Json, '', conflicts)
  return { value: value as T, conflicts }
}

type Maybe = Json | undefined

function join(base: Maybe, mine: Maybe, theirs: Maybe, pointer: string, conflicts: string[]): Maybe {
  if (same(mine, base)) return theirs
  if (same(theirs, base) || same(mine, theirs)) return mine
  if (isObject(base) && isObject(mine) && isObject(theirs)) {
    const joined: { [key: string]: Maybe } = {}
    for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
      const value = join(base[key], mine[key], theirs[key], `${pointer}/${key}`, conflicts)
      if (value !== undefined) joined[key] = value
    }
    return joined as Json
  }
  if (isNamedList(base) && isNamedList(mine) && isNamedList(theirs))
    return joinLists(base, mine, theirs, pointer, conflicts)
  conflicts.push(pointer)
  return mine
}

function joinLists(base: Json[], mine: Json[], theirs: Json[], pointer: string, conflicts: string[]): Json[] {
  const find = (list: Json[], name: string) => list.find((item) => nameOf(item) === name)
  const order = (list: Json[]) => list.map((item) => nameOf(item) ?? '')
  // Whoever moved things decides their order; where both did, I do. What only the other has follows its neighbour there.
  const stays = order(mine).filter((name) => order(base).includes(name))
  const iMoved = !same(
    stays,
    order(base).filter((name) => stays.includes(name)),
  )
  const [first, second] = iMoved ? [mine, theirs] : [theirs, mine]
  const sequence = order(first)
  order(second).forEach((name, at, all) => {
    if (sequence.includes(name)) return
    const before = all
      .slice(0, at)
      .reverse()
      .find((one) => sequence.includes(one))
    sequence.splice(before === undefined ? 0 : sequence.indexOf(before) + 1, 0, name)
  })
  const joined: Json[] = []
  for (const name of sequence) {
    const [b, m, t] = [find(base, name), find(mine, name), find(theirs, name)]
    const value = join(b, m, t, `${pointer}/${joined.length}`, conflicts)
    if (value !== undefined) joined.push(value)
  }
  return joined
}
