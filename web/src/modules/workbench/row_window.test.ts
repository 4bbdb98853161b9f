import { describe, expect, it } from 'vitest'
import { rowWindow, scrollToShow } from './row_window'

const height = 900
const rowHeight = 90
const inSight = (scrollTop: number, count = 10_000) => rowWindow(scrollTop, height, rowHeight, count)

describe('the rows in sight', () => {
  it('cover the box and some more, wherever it stands', () => {
    for (let top = 0; top <= 10_000 * rowHeight - height; top += 3_337) {
      const { first, end, poolSize } = inSight(top)
      expect(first * rowHeight).toBeLessThanOrEqual(top)
      expect(end * rowHeight).toBeGreaterThanOrEqual(top + height)
      expect(end - first).toBe(poolSize)
    }
  })

  it('end with the list', () => {
    expect(inSight(1e9)).toMatchObject({ end: 10_000 })
    expect(inSight(0, 3)).toMatchObject({ first: 0, end: 3 })
    expect(inSight(0, 0)).toMatchObject({ first: 0, end: 0 })
    expect(inSight(-50)).toMatchObject({ first: 0 })
  })
})

describe('bringing a row into sight', () => {
  it.each([
    ['one in sight stays where it is', 5, 0, 0],
    ['one above comes to the top', 3, 900, 270],
    ['one below comes to the bottom', 20, 0, 20 * 90 + 90 - 900],
    ['half a row at the bottom is brought in', 10, 45, 90],
  ])('%s', (_what, index, scrollTop, expected) => {
    expect(scrollToShow(index, scrollTop, height, rowHeight)).toBe(expected)
  })
})
