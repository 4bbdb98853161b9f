/** How long until a moment, in the coarse words in which people think about waiting. */
export interface Countdown {
  form: 'late' | 'now' | 'minutes' | 'hours' | 'days'
  count: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/**
 * Minutes round up, so that there are never "0 minutes"; hours and days go to the nearest, as "about" says: a second more
 * than two hours is not three.
 * @param dueMs, nowMs  ms since 1970, both by the server's clock
 */
export function countdown(dueMs: number, nowMs: number): Countdown {
  const leftMs = dueMs - nowMs
  if (leftMs <= 0) return { form: 'late', count: 0 }
  if (leftMs < 2 * minuteMs) return { form: 'now', count: 0 }
  if (leftMs <= 90 * minuteMs) return { form: 'minutes', count: Math.ceil(leftMs / minuteMs) }
  if (leftMs <= 36 * hourMs) return { form: 'hours', count: Math.round(leftMs / hourMs) }
  return { form: 'days', count: Math.round(leftMs / dayMs) }
}
