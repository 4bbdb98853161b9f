import { describe, expect, it } from 'vitest'
import { keptShare, sumFigures } from './figures'

describe('timeliness', () => {
  it('adds up', () => {
    const one = { kept: 1, kept_late: 2, open: 3, open_late: 4 }
    expect(sumFigures([one, one])).toEqual({ kept: 2, kept_late: 4, open: 6, open_late: 8 })
  })

  it('counts an open and late one as not kept, an open one as undecided', () => {
    expect(keptShare({ kept: 3, kept_late: 0, open: 9, open_late: 1 })).toBe(0.75)
    expect(keptShare({ kept: 0, kept_late: 0, open: 5, open_late: 0 })).toBeUndefined()
  })
})
