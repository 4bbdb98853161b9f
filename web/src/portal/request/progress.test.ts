import { describe, expect, test } from 'vitest'
import { nextPromise, nowOf, stepLine } from './progress'

const request = {
  step: 'handling' as const,
  waiting_since: null,
  can_agree: false,
  can_rate: false,
  solution: null,
  rating: null,
  result: null,
}
const at = '2026-11-23T02:00:00.000Z'
const solution = { solution: 's', steps: 't', expected_at: at, state: 'proposed' as const, comment: null }
const rating = { score: 2, reason: 'r', source: 'customer', at }
const result = { handling: 'h', solution: 's', result: 'r', given_at: at }

describe('the five steps', () => {
  test('what is behind is done, what is ahead is not', () => {
    expect(stepLine('handling')?.map(({ state }) => state)).toEqual(['done', 'done', 'current', 'ahead', 'ahead'])
  })
  test('the last step has nothing left to do', () => {
    expect(stepLine('archived')?.every(({ state }) => state === 'done')).toBe(true)
  })
  test('a cancelled request is on no way', () => expect(stepLine('cancelled')).toBeUndefined())
})

describe('what happens now', () => {
  test.each([
    { name: 'fresh', given: { step: 'intake' as const }, then: 'intake' },
    { name: 'somebody looks into it', given: { step: 'triage' as const }, then: 'triage' },
    { name: 'in work', given: {}, then: 'handling' },
    { name: 'we wait for the customer', given: { waiting_since: at }, then: 'waiting' },
    {
      name: 'asking for agreement goes before waiting',
      given: { can_agree: true, solution, waiting_since: at },
      then: 'agree',
    },
    { name: 'agreed', given: { solution: { ...solution, state: 'agreed' as const } }, then: 'agreed' },
    { name: 'declined', given: { solution: { ...solution, state: 'declined' as const } }, then: 'declined' },
    { name: 'result told, not rated', given: { step: 'feedback' as const, can_rate: true, result }, then: 'rate' },
    { name: 'result told and rated', given: { step: 'feedback' as const, result, rating }, then: 'feedback' },
    { name: 'rated low: back in work', given: { rating }, then: 'rework' },
    {
      name: 'a new solution after the rework',
      given: { rating, solution: { ...solution, state: 'agreed' as const } },
      then: 'agreed',
    },
    { name: 'closed', given: { step: 'archived' as const, rating, result }, then: 'archived' },
    { name: 'cancelled', given: { step: 'cancelled' as const }, then: 'cancelled' },
  ])('$name', ({ given, then }) => expect(nowOf({ ...request, ...given })).toBe(then))
})

describe('the next moment to count on', () => {
  const none = { answer_by: null, next_promise: null, solution: null, step: 'handling' as const }
  test.each([
    { name: 'an answer first', given: { answer_by: at, step: 'intake' as const }, then: 'answer' },
    { name: 'what was promised', given: { next_promise: { expected_at: at, procedure: 'p' } }, then: 'promise' },
    { name: 'the date of the solution', given: { solution: { ...solution, state: 'agreed' as const } }, then: 'solution' },
    { name: 'a solution not agreed to promises nothing', given: { solution }, then: undefined },
    { name: 'nothing', given: {}, then: undefined },
    {
      name: 'nothing once it is closed',
      given: { step: 'archived' as const, next_promise: { expected_at: at, procedure: 'p' } },
      then: undefined,
    },
  ])('$name', ({ given, then }) => expect(nextPromise({ ...none, ...given })?.kind).toBe(then))
})
