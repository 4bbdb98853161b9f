import { describe, expect, it } from 'vitest'
import { readLimit, writeLimit } from './limit'

describe('limits of the policy', () => {
  it.each(['PT1M', 'PT30M', 'PT2H', 'PT24H', 'P3D', 'PT2H/W', 'PT90M/W', 'P1WD'])(
    '%s comes back as written',
    (text) => {
      const limit = readLimit(text)
      expect(limit && writeLimit(limit)).toBe(text)
    },
  )

  it('tells working time from natural time', () => {
    expect(readLimit('P1WD')).toEqual({ amount: 1, unit: 'working_days' })
    expect(readLimit('P1D')).toEqual({ amount: 1, unit: 'days' })
  })

  it.each(['', 'PT1H30M', 'P1Y', '30 min', 'PT-1H'])('leaves %j to be shown as it is', (text) =>
    expect(readLimit(text)).toBeUndefined(),
  )
})
