import { describe, expect, test } from 'vitest'
import type { Shelf } from '../lib/browser'
import { check, emptyDraft, fieldOf, isEmpty, readKept, toBody, writeKept, type Draft } from './draft'

class Memory implements Shelf {
  constructor(readonly entries = new Map<string, string>()) {}
  getItem = (key: string) => this.entries.get(key) ?? null
  setItem = (key: string, value: string) => void this.entries.set(key, value)
  removeItem = (key: string) => void this.entries.delete(key)
}
const full: Shelf = {
  getItem: () => null,
  setItem: () => {
    throw new Error('quota')
  },
  removeItem: () => undefined,
}

const now = 1_800_000_000_000
const hour = 3_600_000
const draft: Draft = {
  ...emptyDraft(),
  class: 'complaint',
  subject: ' Parking ',
  content: ' Charged twice\n',
  name: ' Lin ',
  phone: '13900004821',
  consent: true,
}

describe('the draft in this browser', () => {
  test('comes back as it was typed, but consent is given anew', () => {
    const shelf = new Memory()
    expect(writeKept(shelf, { draft, sending: null })).toBe(true)
    expect(readKept(shelf, now).draft).toEqual({ ...draft, consent: false })
  })

  test('an empty one leaves nothing behind', () => {
    const shelf = new Memory()
    writeKept(shelf, { draft, sending: null })
    writeKept(shelf, { draft: emptyDraft(), sending: null })
    expect(shelf.entries.size).toBe(0)
  })

  test.each(['{broken', '7', '[]', '{"draft":{"subject":5,"strange":"x"}}'])('%s is no draft', (text) => {
    const shelf = new Memory(new Map([['shouwen.portal.draft', text]]))
    expect(readKept(shelf, now)).toEqual({ draft: emptyDraft(), sending: null })
  })

  test('a full storage stops nobody', () => expect(writeKept(full, { draft, sending: null })).toBe(false))

  test('what is on its way keeps its key, until the server may have forgotten it', () => {
    const shelf = new Memory()
    const sending = { key: 'k', body: toBody(draft), since: now }
    writeKept(shelf, { draft, sending })
    expect(readKept(shelf, now + 22 * hour).sending).toEqual(sending)
    expect(readKept(shelf, now + 24 * hour).sending).toBeNull()
    expect(readKept(shelf, now + 24 * hour).draft.content).toBe(draft.content)
  })

  test('is empty whatever the consent', () => {
    expect(isEmpty({ ...emptyDraft(), consent: true })).toBe(true)
    expect(isEmpty(draft)).toBe(false)
  })
})

test('what is sent is trimmed, and what is absent is null', () => {
  expect(toBody(draft)).toEqual({
    channel: 'web',
    class: 'complaint',
    category: null,
    area_id: null,
    merchant_id: null,
    subject: 'Parking',
    content: 'Charged twice',
    demand: null,
    customer: { name: 'Lin', phone: '13900004821', email: null },
    consent: true,
  })
})

describe('faults', () => {
  test('a complete draft has none', () => expect(check(draft)).toEqual({}))
  test('an empty one names all that is needed', () => {
    expect(Object.keys(check(emptyDraft()))).toEqual(['class', 'subject', 'content', 'name', 'phone', 'consent'])
  })
  test('an e-mail is as good as a phone', () => {
    expect(check({ ...draft, phone: ' ', email: 'lin@example.com' })).toEqual({})
  })
  test.each([
    ['/subject', 'subject'],
    ['/customer/phone', 'phone'],
    ['/customer', 'phone'],
    ['/consent', 'consent'],
    ['/merchant_id', 'merchant_id'],
    ['/channel', undefined],
    ['', undefined],
  ])('the pointer %s leads to %s', (pointer, field) => expect(fieldOf(pointer)).toBe(field))
})
