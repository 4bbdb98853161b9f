import { describe, expect, it } from 'vitest'
import { emptyItem, missingOf, queryOf, toNewItem } from './improvement'

describe('improvement items', () => {
  it('are asked for by what a view shows', () => {
    expect(queryOf('mine', 'me')).toEqual({ owner_id: 'me' })
    expect(queryOf('overdue', 'me')).toEqual({ overdue: true })
    expect(queryOf('to_check', 'me')).toEqual({ state: 'to_check' })
    expect(queryOf('all', 'me')).toEqual({})
  })
  it('want a measure, two people and two dates', () => {
    expect(missingOf(emptyItem())).toEqual(['title', 'owner_id', 'checker_id', 'measure', 'due_at', 'check_at'])
    const form = emptyItem({
      source: 'follow_up',
      ticketId: 't',
      title: ' 安抚 ',
      ownerId: 'a',
      checkerId: 'b',
      measure: '培训',
      dueAt: '2026-01-06T09:00',
      checkAt: '2026-02-06T09:00',
    })
    expect(missingOf(form)).toEqual([])
    expect(toNewItem(form, 'Asia/Shanghai')).toEqual({
      source: 'follow_up',
      ticket_id: 't',
      title: '安抚',
      owner_id: 'a',
      checker_id: 'b',
      measure: '培训',
      due_at: '2026-01-06T01:00:00.000Z',
      check_at: '2026-02-06T01:00:00.000Z',
    })
  })
})
