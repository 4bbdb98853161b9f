import { describe, expect, it } from 'vitest'
import type { Obligation, Slip } from '@/api'
import { inOrder, nextAct, nextObligation, ticketOfSlip, unsignedMs, wholeDeadline } from './slips'

const at = (minute: number) => new Date(Date.parse('2026-11-23T02:00:00Z') + minute * 60_000).toISOString()
const slip = (more: Partial<Slip> = {}) =>
  ({
    id: 't-1',
    state: 'issued',
    handler: null,
    issued_at: at(0),
    acknowledged_at: null,
    due_at: at(120),
    completed_at: null,
    ended_at: null,
    ...more,
  }) as Slip
const owed = (more: Partial<Obligation>) =>
  ({
    kind: 'slip_complete',
    subject_id: 't-1',
    met_at: null,
    cancelled_at: null,
    due_at: at(120),
    ...more,
  }) as Obligation

describe('D14 the time in which nobody signs', () => {
  it.each([
    ['grows while it is open', {}, 7],
    ['ends with the signature', { acknowledged_at: at(3) }, 3],
    ['or with the end of the slip', { ended_at: at(5) }, 5],
  ])('%s', (_what, more, minutes) => {
    expect(unsignedMs(slip(more), Date.parse(at(7)))).toBe(minutes * 60_000)
  })
})

describe('a slip', () => {
  it('owes what is due next, of its own only', () => {
    const found = nextObligation(slip(), [
      owed({ due_at: at(60), subject_id: 't-2' }),
      owed({ due_at: at(120) }),
      owed({ kind: 'acknowledge_slip', due_at: at(30) }),
      owed({ kind: 'slip_plan', due_at: at(10), met_at: at(5) }),
    ])
    expect(found?.kind).toBe('acknowledge_slip')
  })

  it('is late only when the server has said so', () => {
    expect(wholeDeadline(slip(), []).breached_at).toBeNull()
    expect(wholeDeadline(slip(), [owed({ breached_at: at(121) })]).breached_at).toBe(at(121))
  })

  it('puts a decision forward that its unit waits for', () => {
    const working = slip({ state: 'in_progress' })
    expect(nextAct(working, ['grant_extension', 'decline_extension', 'withdraw'])).toBe('grant_extension')
    expect(nextAct(working, ['appoint_handler', 'progress'])).toBe('appoint_handler')
  })

  it('stands before those that are over', () => {
    const all = [
      slip({ id: 'a', ended_at: at(9) }),
      slip({ id: 'b', due_at: at(90) }),
      slip({ id: 'c', due_at: at(60) }),
    ]
    expect(inOrder(all).map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  })

  it('names its ticket', () => expect(ticketOfSlip('38ga66f220080-12')).toBe('38ga66f220080'))
})
