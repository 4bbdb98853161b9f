import { expect, test } from 'vitest'
import { countdown } from './countdown'

const now = Date.parse('2026-11-23T02:00:00Z')
const minute = 60_000
const hour = 60 * minute

test.each([
  { name: 'long past', left: -3 * hour, then: { form: 'late', count: 0 } },
  { name: 'this very moment', left: 0, then: { form: 'late', count: 0 } },
  { name: 'a minute and a half', left: 90_000, then: { form: 'now', count: 0 } },
  { name: 'two minutes', left: 2 * minute, then: { form: 'minutes', count: 2 } },
  { name: 'two minutes and a bit rounds up', left: 2 * minute + 1, then: { form: 'minutes', count: 3 } },
  { name: 'an hour and a half is still minutes', left: 90 * minute, then: { form: 'minutes', count: 90 } },
  { name: 'a bit more is hours', left: 90 * minute + 1, then: { form: 'hours', count: 2 } },
  { name: 'a second more than two hours is not three', left: 2 * hour + 1000, then: { form: 'hours', count: 2 } },
  { name: 'a day and a half is still hours', left: 36 * hour, then: { form: 'hours', count: 36 } },
  { name: 'more is days', left: 37 * hour, then: { form: 'days', count: 2 } },
])('$name', ({ left, then }) => expect(countdown(now + left, now)).toEqual(then))
