import { describe, expect, it } from 'vitest'
import type { TicketSummary } from '@/api'
import { gateOf } from './gate'

const ticket = (more: Partial<TicketSummary>) =>
  ({
    step: 'handling',
    class: 'complaint',
    grade: 'L2',
    missing: [],
    promises: [],
    slips: [],
    waits_for_ruling: false,
    solution: null,
    implementation: null,
    result: null,
    rating: null,
    rework: null,
    first_contact_resolution: false,
    ...more,
  }) as TicketSummary

const undone = (of: TicketSummary) => gateOf(of).flatMap(({ key, done }) => (done ? [] : [key]))

describe('E11 what is missing before the archive', () => {
  it('names each thing once', () => {
    expect(undone(ticket({ missing: ['demand'] }))).toEqual([
      'record',
      'solution',
      'agreement',
      'implementation',
      'result',
      'rating',
    ])
  })

  it('asks no agreement of a first-contact resolution', () => {
    expect(undone(ticket({ first_contact_resolution: true }))).toEqual(['result', 'rating'])
  })

  it('counts a declined solution as not agreed', () => {
    const solution = {
      solution: 's',
      steps: 's',
      expected_at: '2026-11-23T01:00:00Z',
      state: 'declined' as const,
      comment: null,
    }
    expect(undone(ticket({ solution }))).toContain('agreement')
  })

  it('A8 minds slips when there are any, until the last one has ended and no ruling is waited for', () => {
    const slips = (...ended: (string | null)[]) =>
      ended.map((ended_at) => ({ ended_at })) as unknown as TicketSummary['slips']
    const over = '2026-11-23T02:00:00Z'
    const slipsDone = (more: Partial<TicketSummary>) => gateOf(ticket(more)).find(({ key }) => key === 'slips')?.done
    expect(slipsDone({})).toBeUndefined()
    expect(slipsDone({ slips: slips(over, null) })).toBe(false)
    expect(slipsDone({ slips: slips(over, over) })).toBe(true)
    expect(slipsDone({ slips: slips(over), waits_for_ruling: true })).toBe(false)
  })

  it('minds promises and reworks only when there are any', () => {
    expect(gateOf(ticket({})).map(({ key }) => key)).not.toContain('promises')
    expect(undone(ticket({ rework: { reason: 'r', since: '2026-11-23T01:00:00Z' } }))).toContain('rework')
  })

  it('has nothing to say about what is over', () => {
    expect(gateOf(ticket({ step: 'archived' }))).toEqual([])
  })
})
