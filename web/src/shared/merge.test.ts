import { describe, expect, it } from 'vitest'
import { merge } from './merge'

const list = (...codes: string[]) => codes.map((code) => ({ code }))

describe('two people change one document', () => {
  it('keeps both when they touch different places', () => {
    const base = { limits: { plan: 'PT2H', respond: 'PT1M' }, warnings: [50, 80] }
    const mine = { limits: { plan: 'PT1H', respond: 'PT1M' }, warnings: [50, 80] }
    const theirs = { limits: { plan: 'PT2H', respond: 'PT5M' }, warnings: [60] }
    expect(merge(base, mine, theirs)).toEqual({
      value: { limits: { plan: 'PT1H', respond: 'PT5M' }, warnings: [60] },
      conflicts: [],
    })
  })

  it('keeps mine at the same place and names it', () => {
    const { value, conflicts } = merge({ a: { b: 1 } }, { a: { b: 2 } }, { a: { b: 3 } })
    expect(value).toEqual({ a: { b: 2 } })
    expect(conflicts).toEqual(['/a/b'])
  })

  it('is no conflict when both did the same', () => {
    expect(merge({ a: 1 }, { a: 2 }, { a: 2 })).toEqual({ value: { a: 2 }, conflicts: [] })
  })

  it('joins lists of named things one by one', () => {
    const base = [
      { code: 'a', n: 1 },
      { code: 'b', n: 1 },
    ]
    const mine = [
      { code: 'a', n: 2 },
      { code: 'b', n: 1 },
      { code: 'mine', n: 1 },
    ]
    const theirs = [
      { code: 'a', n: 1 },
      { code: 'theirs', n: 1 },
      { code: 'b', n: 5 },
    ]
    const { value, conflicts } = merge(base, mine, theirs)
    expect(value).toEqual([
      { code: 'a', n: 2 },
      { code: 'theirs', n: 1 },
      { code: 'b', n: 5 },
      { code: 'mine', n: 1 },
    ])
    expect(conflicts).toEqual([])
  })

  it('lets each side take something out, and change the order', () => {
    expect(merge(list('a', 'b', 'c'), list('a', 'c'), list('a', 'b', 'c', 'd')).value).toEqual(list('a', 'c', 'd'))
    expect(merge(list('a', 'b', 'c'), list('c', 'a', 'b'), list('a', 'b', 'c', 'd')).value).toEqual(
      list('c', 'd', 'a', 'b'),
    )
    expect(merge(list('a', 'b'), list('a', 'b', 'x'), list('b', 'a')).value).toEqual(list('b', 'x', 'a'))
  })

  it('takes a list without names as a whole', () => {
    expect(merge([1, 2], [1, 2, 3], [1])).toEqual({ value: [1, 2, 3], conflicts: [''] })
  })

  it('says so when one took out what the other changed', () => {
    const { value, conflicts } = merge(
      [{ code: 'a', n: 1 }],
      [{ code: 'a', n: 2 }],
      [] as { code: string; n: number }[],
    )
    expect(value).toEqual([{ code: 'a', n: 2 }])
    expect(conflicts).toEqual(['/0'])
  })
})
