import { describe, expect, it } from 'vitest'
import type { FollowUpQuestion } from '@/api'
import { emptyCall, isStarted, toAttempt } from './follow_up'

const name = { 'zh-CN': '?', 'zh-TW': '?', en: '?' }
const questions: FollowUpQuestion[] = [
  { code: 'manner', text: name, kind: 'score' },
  { code: 'better', text: name, kind: 'text' },
]
const zone = 'Asia/Shanghai'

describe('a call to revisit', () => {
  it('sends what was asked of who was reached, without empty answers', () => {
    const form = {
      ...emptyCall(),
      outcome: 'reached' as const,
      satisfaction: 4,
      experience: ' 好用 ',
      recurred: false,
      recurrence: 'reopen' as const,
      answers: { manner: '5', better: '  ', gone: 'x' },
    }
    expect(toAttempt(form, questions, zone)).toEqual({
      outcome: 'reached',
      experience: '好用',
      satisfaction: 4,
      recurred: false,
      recurrence: undefined,
      answers: [{ code: 'manner', answer: '5' }],
    })
    expect(toAttempt({ ...form, recurred: true }, questions, zone)).toMatchObject({ recurrence: 'reopen' })
  })
  it('sends nothing that somebody who was not reached cannot have said', () => {
    const form = { ...emptyCall(), satisfaction: 4, recurred: true, answers: { manner: '5' } }
    expect(toAttempt({ ...form, outcome: 'no_answer' }, questions, zone)).toEqual({ outcome: 'no_answer' })
    expect(
      toAttempt({ ...form, outcome: 'call_later', againAt: '2026-01-06T09:00', experience: '在开会' }, questions, zone),
    ).toEqual({ outcome: 'call_later', experience: '在开会', again_at: '2026-01-06T01:00:00.000Z' })
    expect(toAttempt(form, questions, zone)).toBeUndefined()
  })
  it('has begun as soon as anything was chosen or typed', () => {
    expect(isStarted(emptyCall())).toBe(false)
    expect(isStarted({ ...emptyCall(), satisfaction: 1 })).toBe(true)
    expect(isStarted({ ...emptyCall(), experience: '慢' })).toBe(true)
  })
})
