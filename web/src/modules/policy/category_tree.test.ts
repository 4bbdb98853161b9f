import { describe, expect, it } from 'vitest'
import type { CategoryNode } from '@/api'
import { addAfter, addBelow, codeFrom, moved, removeAt, rowsOf, type Direction, type Place } from './category_tree'

const node = (code: string, children: CategoryNode[] = [], retired = false): CategoryNode => ({
  code,
  name: { 'zh-CN': code, 'zh-TW': code, en: code },
  retired,
  children,
})
const tree = () => [node('a', [node('a1'), node('a2', [node('a21')])]), node('b', [], true), node('c')]
const shape = (list: CategoryNode[]): string =>
  list.map(({ code, children }) => code + (children?.length ? `(${shape(children)})` : '')).join(' ')

describe('D3 the categories of a class', () => {
  it('are shown from top to bottom with their places and pointers', () => {
    const rows = rowsOf(tree(), '/classes/help/categories')
    expect(rows.map(({ node, place }) => `${node.code}@${place.join('.')}`)).toEqual([
      'a@0',
      'a1@0.0',
      'a2@0.1',
      'a21@0.1.0',
      'b@1',
      'c@2',
    ])
    expect(rows[3]?.pointer).toBe('/classes/help/categories/0/children/1/children/0')
    expect(rowsOf([node('x', [node('y')], true)], '')[1]?.retired).toBe(true)
  })

  it.each<[Place, Direction, string, Place | undefined]>([
    [[2], 'up', 'a(a1 a2(a21)) c b', [1]],
    [[0], 'up', 'a(a1 a2(a21)) b c', undefined],
    [[0], 'down', 'b a(a1 a2(a21)) c', [1]],
    [[2], 'in', 'a(a1 a2(a21)) b(c)', [1, 0]],
    [[0], 'in', 'a(a1 a2(a21)) b c', undefined],
    [[0, 1, 0], 'out', 'a(a1 a2 a21) b c', [0, 2]],
    [[0, 1], 'out', 'a(a1) a2(a21) b c', [1]],
    [[2], 'out', 'a(a1 a2(a21)) b c', undefined],
  ])('%j goes %s', (place, direction, after, to) => {
    const now = tree()
    expect(moved(now, place, direction)).toEqual(to)
    expect(shape(now)).toBe(after)
  })

  it('do not go deeper than the document allows', () => {
    const now = [node('x', [node('x1', [node('x11')])]), node('y', [node('y1', [node('y11')])])]
    expect(moved(now, [1], 'in')).toBeUndefined()
  })

  it('are added, each with a code of its own, and taken away', () => {
    const now = tree()
    expect(addAfter(now, [0, 0])).toEqual([0, 1])
    expect(addBelow(now, [2])).toEqual([2, 0])
    expect(addAfter(now, undefined)).toEqual([3])
    const codes = rowsOf(now, '').map((row) => row.node.code)
    expect(new Set(codes).size).toBe(codes.length)
    removeAt(now, [0, 1])
    removeAt(now, [2, 0])
    removeAt(now, [3])
    expect(shape(now)).toBe(shape(tree()))
  })

  it.each([
    ['Lost property', 'lost_property'],
    ['  Wi-Fi & network! ', 'wi_fi_network'],
    ['失物', ''],
  ])('%j makes the code %j', (name, code) => expect(codeFrom(name)).toBe(code))
})
