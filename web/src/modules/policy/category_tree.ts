import type { CategoryNode } from '@/api'

/** A category's place in its tree, from the top: the second child of the first is [0, 1]. */
export type Place = number[]

export interface CategoryRow {
  node: CategoryNode
  place: Place
  /** Of the node in the document, for the server's remarks. */
  pointer: string
  /** It, or one above it, is retired. */
  retired: boolean
  isFirst: boolean
  isLast: boolean
}

/** As deep as the document allows. */
export const levels = 3

/** The tree as rows from top to bottom. */
export function rowsOf(tree: CategoryNode[], pointer: string, above: Place = [], retired = false): CategoryRow[] {
  return tree.flatMap((node, index) => {
    const place = [...above, index]
    const here = `${pointer}/${index}`
    const isRetired = retired || node.retired === true
    return [
      { node, place, pointer: here, retired: isRetired, isFirst: index === 0, isLast: index === tree.length - 1 },
      ...rowsOf(node.children ?? [], `${here}/children`, place, isRetired),
    ]
  })
}

const depthOf = (node: CategoryNode): number => 1 + Math.max(0, ...(node.children ?? []).map(depthOf))

/** Of a place that is in the tree; a place that is not has none. */
const childrenOf = (node: CategoryNode | undefined): CategoryNode[] => (node ? (node.children ??= []) : [])

function siblings(tree: CategoryNode[], place: Place): CategoryNode[] {
  let list = tree
  for (const index of place.slice(0, -1)) list = childrenOf(list[index])
  return list
}
const last = (place: Place) => place[place.length - 1] ?? 0

export function codesOf(tree: CategoryNode[]): Set<string> {
  return new Set(rowsOf(tree, '').map(({ node }) => node.code))
}

export function freshCategory(tree: CategoryNode[]): CategoryNode {
  const taken = codesOf(tree)
  let no = taken.size + 1
  while (taken.has(`category_${no}`)) no++
  return { code: `category_${no}`, name: { 'zh-CN': '', 'zh-TW': '', en: '' }, children: [] }
}

/** @returns where it now stands */
export function addAfter(tree: CategoryNode[], place: Place | undefined): Place {
  const node = freshCategory(tree)
  if (!place) {
    tree.push(node)
    return [tree.length - 1]
  }
  siblings(tree, place).splice(last(place) + 1, 0, node)
  return [...place.slice(0, -1), last(place) + 1]
}

export function addBelow(tree: CategoryNode[], place: Place): Place {
  const node = freshCategory(tree)
  const children = childrenOf(siblings(tree, place)[last(place)])
  children.push(node)
  return [...place, children.length - 1]
}

export function removeAt(tree: CategoryNode[], place: Place): void {
  siblings(tree, place).splice(last(place), 1)
}

export type Direction = 'up' | 'down' | 'in' | 'out'

/** @param depth  levels that the tree may have. @returns where it stands then; undefined when it cannot go there */
export function moved(
  tree: CategoryNode[],
  place: Place,
  direction: Direction,
  depth: number = levels,
): Place | undefined {
  const list = siblings(tree, place)
  const at = last(place)
  const node = list[at]
  if (!node) return undefined
  if (direction === 'up' || direction === 'down') {
    const to = at + (direction === 'up' ? -1 : 1)
    if (to < 0 || to >= list.length) return undefined
    list.splice(at, 1)
    list.splice(to, 0, node)
    return [...place.slice(0, -1), to]
  }
  if (direction === 'in') {
    const parent = list[at - 1]
    if (!parent || place.length + depthOf(node) > depth) return undefined
    list.splice(at, 1)
    const children = childrenOf(parent)
    children.push(node)
    return [...place.slice(0, -1), at - 1, children.length - 1]
  }
  if (place.length < 2) return undefined
  const above = place.slice(0, -1)
  list.splice(at, 1)
  siblings(tree, above).splice(last(above) + 1, 0, node)
  return [...above.slice(0, -1), last(above) + 1]
}

/** A code out of an English name: `Lost property` → `lost_property`. Empty when nothing is left. */
export function codeFrom(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 64)
}
