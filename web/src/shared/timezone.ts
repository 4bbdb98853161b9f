import { ref } from 'vue'

/** Of the organisation, told by the server at sign-in: a deadline reads the same on every desk. */
export const timeZone = ref('Asia/Shanghai')

interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

export function partsIn(zone: string, at: Date): Parts {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const found: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(at)) found[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = found
  return { year, month, day, hour, minute }
}

const pad = (value: number, length = 2) => String(value).padStart(length, '0')

/** @returns `2026-11-22T09:30`, the value of a datetime-local field, in the given zone */
export function toLocalField(zone: string, at: Date): string {
  const { year, month, day, hour, minute } = partsIn(zone, at)
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}`
}

/** @returns the local calendar day `2026-11-22` */
export function localDay(zone: string, at: Date): string {
  return toLocalField(zone, at).slice(0, 10)
}

/**
 * The instant at which clocks of the zone show `field` (`2026-11-22T09:30`); undefined when it is not a time.
 * Of a doubled hour the first is taken; an hour that a spring change leaves out moves behind the gap.
 */
export function fromLocalField(zone: string, field: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/.test(field)) return undefined
  const asUtc = Date.parse(`${field.length === 10 ? `${field}T00:00` : field}:00Z`)
  if (Number.isNaN(asUtc)) return undefined
  const offsetAt = (ms: number) =>
    Date.parse(`${toLocalField(zone, new Date(ms))}:00Z`) - Math.floor(ms / 60_000) * 60_000
  const first = asUtc - offsetAt(asUtc)
  return new Date(asUtc - offsetAt(first))
}
