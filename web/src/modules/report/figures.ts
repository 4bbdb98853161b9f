import type { TimelinessFigure } from '@/api'

export type Counts = Pick<TimelinessFigure, 'kept' | 'kept_late' | 'open' | 'open_late'>

export function sumFigures(figures: Counts[]): Counts {
  const sum: Counts = { kept: 0, kept_late: 0, open: 0, open_late: 0 }
  for (const figure of figures) {
    sum.kept += figure.kept
    sum.kept_late += figure.kept_late
    sum.open += figure.open
    sum.open_late += figure.open_late
  }
  return sum
}

/** Of what has been decided either way: what is still open and in time says nothing yet. */
export function keptShare({ kept, kept_late, open_late }: Counts): number | undefined {
  const decided = kept + kept_late + open_late
  return decided > 0 ? kept / decided : undefined
}
