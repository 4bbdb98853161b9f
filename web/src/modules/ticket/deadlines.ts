import type { Obligation } from '@/api'
import type { Deadline } from '@/shared/sla'

/** An obligation as the badge and the bar look at it. */
export function toDeadline(obligation: Obligation): Deadline {
  return { ...obligation, paused_at: obligation.paused_since }
}

export interface SpanPart {
  from: string
  to: string
  counted: boolean
  /** Of the whole stretch, 0 to 1. */
  share: number
  ms: number
}

/** Widths for drawing the counted and skipped stretches beside each other. */
export function spanParts<T extends { from: string; to: string; counted: boolean }>(spans: T[]): (T & SpanPart)[] {
  const length = (span: T) => Math.max(0, Date.parse(span.to) - Date.parse(span.from))
  const whole = spans.reduce((sum, span) => sum + length(span), 0)
  return spans.map((span) => ({ ...span, ms: length(span), share: whole > 0 ? length(span) / whole : 0 }))
}
