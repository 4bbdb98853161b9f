import { describe, expect, it } from 'vitest'
import type { SlipInInbox } from '@/api'
import { arrange, matches, refreshed, sectionOf } from './inbox'

const now = Date.parse('2026-11-23T02:00:00Z')
const inHours = (hours: number) => new Date(now + hours * 3_600_000).toISOString()
const slip = (more: Partial<SlipInInbox>) =>
  ({
    id: 't-1',
    state: 'acknowledged',
    handler: { id: 's', name: '赵国强' },
    contacted_at: inHours(-1),
    solution: null,
    ended_at: null,
    next_due_at: inHours(5),
    ticket_version: 7,
    ...more,
  }) as SlipInInbox

describe('A14 the inbox of a unit', () => {
  it.each([
    ['nobody has signed', { state: 'issued' }, 'sign'],
    ['nobody was appointed', { handler: null }, 'appoint'],
    ['the customer has heard nothing', { contacted_at: null }, 'contact'],
    ['there is no plan', {}, 'propose'],
    ['the plan is to be carried out', { solution: '更换皮带' }, 'complete'],
    ['the owner is to confirm, however late', { state: 'completed', next_due_at: inHours(-9) }, 'confirm'],
    ['the next limit is near, whatever it is for', { state: 'issued', next_due_at: inHours(1) }, 'soon'],
    ['a limit is over', { next_due_at: inHours(-1) }, 'late'],
    ['it is over', { ended_at: inHours(-1) }, undefined],
  ] as const)('%s', (_why, more, section) => {
    expect(sectionOf(slip(more as Partial<SlipInInbox>), now)).toBe(section)
  })

  it('shows what is late first, and within a section what is due first', () => {
    const sections = arrange(
      [
        slip({ id: 'b', next_due_at: inHours(8) }),
        slip({ id: 'a', next_due_at: inHours(3) }),
        slip({ id: 'late', next_due_at: inHours(-2) }),
        slip({ id: 'gone', ended_at: inHours(-1) }),
      ],
      now,
    )
    expect(sections.map(({ id, slips }) => [id, slips.map((one) => one.id)])).toEqual([
      ['late', ['late']],
      ['propose', ['a', 'b']],
    ])
  })

  it('finds by what is to be done, also among those that are late', () => {
    const late = slip({ state: 'issued', next_due_at: inHours(-1) })
    expect(matches(late, 'sign', now)).toBe(true)
    expect(matches(late, 'late', now)).toBe(true)
    expect(matches(late, 'propose', now)).toBe(false)
  })

  it('takes what the ticket says where that is newer, and never what is older', () => {
    const row = slip({})
    const said = (version: number) => ({ version, slips: [{ ...row, state: 'proposed' as const }] })
    expect(refreshed(row, said(8)).state).toBe('proposed')
    expect(refreshed(row, said(7)).state).toBe('acknowledged')
    expect(refreshed(row, undefined)).toBe(row)
  })
})
