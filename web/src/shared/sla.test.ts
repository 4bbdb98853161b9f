import { describe, expect, it } from 'vitest'
import { spanParts, toneOf, usedShare } from './sla'

const now = Date.parse('2026-11-23T10:00:00Z')
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()

describe('the look of a deadline', () => {
  it.each([
    ['far away', { due_at: at(120) }, 'calm'],
    ['near, start unknown', { due_at: at(10) }, 'soon'],
    ['80 % used', { starts_at: at(-80), due_at: at(20) }, 'soon'],
    ['half used', { starts_at: at(-50), due_at: at(50) }, 'calm'],
    ['reached, the server has not spoken yet', { due_at: at(-1) }, 'due'],
    ['broken', { due_at: at(-1), breached_at: at(-1) }, 'late'],
    ['met in time', { due_at: at(-1), met_at: at(-5) }, 'met'],
    ['met late stays late', { due_at: at(-5), breached_at: at(-5), met_at: at(-1) }, 'late'],
    ['cancelled wins', { due_at: at(-5), breached_at: at(-5), cancelled_at: at(-1) }, 'cancelled'],
    ['paused', { due_at: at(5), paused_at: at(-5) }, 'paused'],
  ])('%s', (_name, deadline, tone) => expect(toneOf(deadline, now)).toBe(tone))

  it('stops counting when met or paused', () => {
    expect(usedShare({ starts_at: at(-60), due_at: at(60), met_at: at(-30) }, now)).toBe(0.25)
    expect(usedShare({ starts_at: at(-60), due_at: at(60), paused_at: at(0) }, now + 9e6)).toBe(0.5)
    expect(usedShare({ starts_at: at(0), due_at: at(0) }, now)).toBe(1)
    expect(usedShare({ due_at: at(0) }, now)).toBeUndefined()
  })

  it.each([
    [59_000, 'minutes', 0, 59],
    [-(16 * 60_000 + 59_000), 'minutes', 16, 59],
    [3_600_000, 'hours', 1, 0],
    [5 * 3_600_000 + 11 * 60_000, 'hours', 5, 11],
    [49 * 3_600_000, 'days', 2, 1],
  ])('%d ms', (ms, form, large, small) => expect(spanParts(ms)).toEqual({ form, large, small }))
})
