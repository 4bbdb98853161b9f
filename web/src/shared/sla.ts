/** How a deadline looks. Display only: what counts as late is decided by the server. */
export type Tone = 'met' | 'calm' | 'soon' | 'due' | 'late' | 'paused' | 'cancelled'

export interface Deadline {
  due_at: string
  starts_at?: string | null
  met_at?: string | null
  breached_at?: string | null
  cancelled_at?: string | null
  paused_at?: string | null
}

const quarterHourMs = 15 * 60_000

export function toneOf(deadline: Deadline, now: number): Tone {
  if (deadline.cancelled_at) return 'cancelled'
  if (deadline.met_at) return deadline.breached_at ? 'late' : 'met'
  if (deadline.breached_at) return 'late'
  if (deadline.paused_at) return 'paused'
  const leftMs = Date.parse(deadline.due_at) - now
  if (leftMs <= 0) return 'due'
  const share = usedShare(deadline, now)
  return (share === undefined ? leftMs < quarterHourMs : share >= 0.8) ? 'soon' : 'calm'
}

/** @returns how much of the time is used, 0 to 1; undefined when the start is unknown */
export function usedShare(deadline: Deadline, now: number): number | undefined {
  if (!deadline.starts_at) return undefined
  const start = Date.parse(deadline.starts_at)
  const whole = Date.parse(deadline.due_at) - start
  const end = deadline.met_at ?? deadline.cancelled_at ?? deadline.paused_at
  if (whole <= 0) return 1
  return Math.min(1, Math.max(0, ((end ? Date.parse(end) : now) - start) / whole))
}

export interface SpanParts {
  /** Which text: days and hours, hours and minutes, minutes and seconds. */
  form: 'days' | 'hours' | 'minutes'
  large: number
  small: number
}

/** Two units are enough to act on, and keep the badge narrow. */
export function spanParts(ms: number): SpanParts {
  const seconds = Math.floor(Math.abs(ms) / 1000)
  if (seconds >= 86_400)
    return { form: 'days', large: Math.floor(seconds / 86_400), small: Math.floor((seconds % 86_400) / 3600) }
  if (seconds >= 3600)
    return { form: 'hours', large: Math.floor(seconds / 3600), small: Math.floor((seconds % 3600) / 60) }
  return { form: 'minutes', large: Math.floor(seconds / 60), small: seconds % 60 }
}
