import { expect, test } from 'vitest'
import { pauseMs, retryAfterMs } from './patience'

test.each([
  { failures: 0, asked: 0, then: 15_000 },
  { failures: 1, asked: 0, then: 30_000 },
  { failures: 3, asked: 0, then: 120_000 },
  { failures: 4, asked: 0, then: 240_000 },
  { failures: 4000, asked: 0, then: 240_000 },
  { failures: 1, asked: 50_000, then: 50_000 },
  { failures: 0, asked: 3_000, then: 15_000 },
])('after $failures failures and asked for $asked ms it waits $then ms', ({ failures, asked, then }) => {
  expect(pauseMs(failures, asked)).toBe(then)
})

test('Retry-After in seconds; anything else counts as nothing', () => {
  expect(retryAfterMs('42')).toBe(42_000)
  expect(retryAfterMs(null)).toBe(0)
  expect(retryAfterMs('Wed, 21 Oct 2026 07:28:00 GMT')).toBe(0)
  expect(retryAfterMs('-1')).toBe(0)
})
