// locales: names of languages and scripts, and how people type hours, are input here.
import { describe, expect, it } from 'vitest'
import { readPercents, readWindows, remarksAt, writeWindows } from './policy_form'

describe('working hours as typed', () => {
  it.each([
    ['09:00-12:00, 13:30-18:00', '09:00-12:00, 13:30-18:00'],
    ['9:00–12:00，1330-1800', '09:00-12:00, 13:30-18:00'],
    ['', ''],
  ])('%j', (typed, written) => expect(writeWindows(readWindows(typed) ?? [])).toBe(written))

  it.each(['morning', '9-12', '09:00'])('does not guess at %j', (typed) => expect(readWindows(typed)).toBeUndefined())
})

describe('warnings', () => {
  it('takes them as typed', () => {
    expect(readPercents('50%，80')).toEqual([50, 80])
    expect(readPercents('half')).toBeUndefined()
  })
})

describe('the server’s remarks', () => {
  const errors = [{ pointer: '/calendars/0/week/monday/1/from', code: 'windows_overlap', detail: '时段重叠。' }]

  it('show at the field and at what holds it', () => {
    expect(remarksAt(errors, '/calendars/0/week/monday')).toBe('时段重叠。')
    expect(remarksAt(errors, '/calendars/1')).toBeUndefined()
    expect(remarksAt(errors, '/calendars/0/week/mon')).toBeUndefined()
  })
})
