import { describe, expect, it } from 'vitest'
import { fromLocalField, localDay, toLocalField } from './timezone'

describe('times in the zone of the organisation', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-22T09:30', '2026-11-22T01:30:00.000Z'],
    ['Asia/Shanghai', '2026-11-22', '2026-11-21T16:00:00.000Z'],
    ['Asia/Kathmandu', '2026-01-05T00:15', '2026-01-04T18:30:00.000Z'],
    ['America/New_York', '2026-07-01T12:00', '2026-07-01T16:00:00.000Z'],
  ])('%s %s', (zone, field, instant) => {
    expect(fromLocalField(zone, field)?.toISOString()).toBe(instant)
    expect(toLocalField(zone, new Date(instant))).toBe(field.length === 10 ? `${field}T00:00` : field)
  })

  it('keeps the day of the zone, not of the browser', () => {
    expect(localDay('Asia/Shanghai', new Date('2026-11-22T17:00:00Z'))).toBe('2026-11-23')
  })

  it('refuses what is not a time', () => {
    expect(fromLocalField('Asia/Shanghai', 'tomorrow')).toBeUndefined()
  })
})
