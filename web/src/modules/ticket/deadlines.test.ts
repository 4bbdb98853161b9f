import { describe, expect, it } from 'vitest'
import { spanParts } from './deadlines'

describe('the stretches of a deadline', () => {
  const span = (from: string, to: string, counted: boolean) => ({
    from: `2026-11-23T${from}:00Z`,
    to: `2026-11-23T${to}:00Z`,
    counted,
  })

  it('take their share of the whole', () => {
    const parts = spanParts([span('09:00', '12:00', true), span('12:00', '13:00', false)])
    expect(parts.map(({ share, ms }) => [share, ms / 3_600_000])).toEqual([
      [0.75, 3],
      [0.25, 1],
    ])
  })

  it('are nothing for nothing', () => {
    expect(spanParts([])).toEqual([])
    expect(spanParts([span('09:00', '09:00', true)])[0]?.share).toBe(0)
  })
})
