/** Rows drawn above and below the ones in sight, so that a stroke of the wheel does not meet a gap. */
const spareRows = 6

export interface RowWindow {
  first: number
  /** One past the last. */
  end: number
  /** How many rows can be drawn at once in a box of this height. */
  poolSize: number
}

export function rowWindow(scrollTop: number, height: number, rowHeight: number, count: number): RowWindow {
  const top = Math.floor(Math.max(0, scrollTop) / rowHeight)
  const inSight = Math.ceil(height / rowHeight) + 1
  const poolSize = inSight + 2 * spareRows
  const first = Math.max(0, Math.min(top - spareRows, count - poolSize))
  return { first, end: Math.min(count, first + poolSize), poolSize }
}

/** @returns where to scroll so that the row is wholly in sight; not at all when it is */
export function scrollToShow(index: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = index * rowHeight
  if (top < scrollTop) return top
  return Math.max(scrollTop, top + rowHeight - height)
}
