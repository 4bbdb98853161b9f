import { describe, expect, it } from 'vitest'
import { bodyOf, emptyFields, rebase, searchQuery } from './customer_form'

const base = { ...emptyFields(), name: '林静怡', phone: '139****4821', tags: ['VIP'] }

describe('a file that somebody else changed meanwhile', () => {
  it('takes over what was not touched and keeps what was typed', () => {
    const { fields, contested } = rebase(
      base,
      { ...base, address: '新街口' },
      { ...base, phone: '138****1111', tags: ['VIP', '会员'] },
    )
    expect(fields).toEqual({ ...base, address: '新街口', phone: '138****1111', tags: ['VIP', '会员'] })
    expect(contested).toEqual([])
  })
  it('names what both changed, and leaves it as typed', () => {
    const { fields, contested } = rebase(base, { ...base, name: '林静仪' }, { ...base, name: '林静宜' })
    expect(fields.name).toBe('林静仪')
    expect(contested).toEqual(['name'])
  })
  it('finds no quarrel where both wrote the same', () => {
    expect(rebase(base, { ...base, note: 'x' }, { ...base, note: 'x' }).contested).toEqual([])
  })
})

describe('the body of a file', () => {
  it('says null for what is not known, and nothing of notes to those who have none', () => {
    expect(bodyOf({ ...base, email: ' ', note: ' a ' }, true)).toMatchObject({ email: null, note: 'a', tags: ['VIP'] })
    expect(bodyOf(base, false)).not.toHaveProperty('tags')
  })
})

describe('the search for customers', () => {
  it.each([
    ['4821', { phone: '4821' }],
    ['+86 139-0000-4821', { phone: '+86 139-0000-4821' }],
    ['12', { q: '12' }],
    ['林静', { q: '林静' }],
    ['', {}],
  ])('%s', (typed, query) => expect(searchQuery(typed)).toEqual(query))
})
