import type { PublicForm } from '../api'

type Week = PublicForm['hours']['week']
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

export interface HoursLine {
  /** Numbers of the days, 0 = Monday; neighbours with equal hours are one line. */
  first: number
  last: number
  windows: { from: string; to: string }[]
}

/** The week as people read it: Monday to Friday on one line, days off on none. */
export function hoursLines(week: Week): HoursLine[] {
  const lines: HoursLine[] = []
  weekdays.forEach((name, day) => {
    const windows = week[name]
    const before = lines.at(-1)
    if (windows.length === 0) return
    if (before?.last === day - 1 && JSON.stringify(before.windows) === JSON.stringify(windows)) before.last = day
    else lines.push({ first: day, last: day, windows })
  })
  return lines
}
