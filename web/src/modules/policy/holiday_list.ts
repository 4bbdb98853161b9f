// locales: names of languages and scripts, and the words people write for days off, are input here.
import type { HolidayDay } from '@/api'

/** One day as read, with the line it came from: for putting the server's remarks where they belong. */
export interface ReadDay extends HolidayDay {
  line: number
}

/** Why a line could not be read; each has a text. */
export type LineFault = 'kind' | 'date' | 'order' | 'too_long' | 'name' | 'other_year'

export interface ReadList {
  days: ReadDay[]
  faults: { line: number; fault: LineFault; text: string }[]
  /** The year that the list itself names, if it does. */
  year?: number
}

const words: Record<HolidayDay['kind'], string[]> = {
  holiday: ['off', 'holiday', '放假', '休', '休假', '假', '假日'],
  make_up: ['work', 'make_up', 'makeup', '调休', '上班', '补班', '調休', '補班', '班'],
}
const longestDays = 31

function kindOf(word: string): HolidayDay['kind'] | undefined {
  const wanted = word.trim().toLowerCase()
  return (['holiday', 'make_up'] as const).find((kind) => words[kind].includes(wanted))
}

/** `2027-2-6`, `2027/02/06`, `2027年2月6日` → `2027-02-06`; undefined for no day of the calendar. */
export function readDay(text: string): string | undefined {
  const match = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text.trim())
  if (!match) return undefined
  const [, year = '', month = '', day = ''] = match
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = new Date(`${iso}T00:00:00Z`)
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== iso ? undefined : iso
}

const nextDay = (iso: string) => new Date(Date.parse(`${iso}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

function readLine(text: string, line: number, into: ReadList): LineFault | undefined {
  const cells = text.split(/[,，\t;；]/).map((cell) => cell.trim())
  if (cells[0] === 'year') {
    into.year = Number(cells[1])
    return undefined
  }
  // The kind stands first (as in the file form) or after the dates (as in tables).
  const kindAt = cells.findIndex((cell) => kindOf(cell))
  const kind = kindOf(cells[kindAt] ?? '')
  if (!kind) return 'kind'
  const [first = '', second = '', ...more] = cells.filter((_cell, index) => index !== kindAt)
  const from = readDay(first)
  if (!from) return 'date'
  const isSpan = second === '' || readDay(second) !== undefined
  if (!isSpan && /^\d{4}\D/.test(second)) return 'date'
  const to = (isSpan && readDay(second)) || from
  const name = (isSpan ? more : [second, ...more]).filter(Boolean).join(' ')
  if (!name) return 'name'
  if (to < from) return 'order'
  const days: ReadDay[] = []
  for (let on = from; on <= to; on = nextDay(on)) {
    days.push({ on, kind, name, line })
    if (days.length > longestDays) return 'too_long'
  }
  into.days.push(...days)
  return undefined
}

/** Reads a pasted or uploaded list, every line that can be read and every one that cannot. */
export function readList(text: string, year: number): ReadList {
  const list: ReadList = { days: [], faults: [] }
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/^\uFEFF/, '').trim()
    if (!line || line.startsWith('#')) return
    const fault = readLine(line, index + 1, list)
    if (fault) list.faults.push({ line: index + 1, fault, text: line })
    else if (list.year !== undefined && list.year !== year && /^year\b/.test(line))
      list.faults.push({ line: index + 1, fault: 'other_year', text: line })
  })
  return list
}

export interface Stretch {
  from: string
  to: string
  kind: HolidayDay['kind']
  name: string
  dayCount: number
}

/** Days that follow each other for the same reason, as one line. */
export function stretchesOf(days: HolidayDay[]): Stretch[] {
  const stretches: Stretch[] = []
  for (const { on, kind, name } of [...days].sort((a, b) => a.on.localeCompare(b.on))) {
    const open = stretches[stretches.length - 1]
    if (open && open.kind === kind && open.name === name && nextDay(open.to) === on) {
      open.to = on
      open.dayCount++
    } else stretches.push({ from: on, to: on, kind, name, dayCount: 1 })
  }
  return stretches
}

/** The list in the form that `readList` takes, for changing one that is known. */
export function writeList(days: HolidayDay[]): string {
  return stretchesOf(days)
    .map(
      ({ from, to, kind, name }) => `${kind === 'holiday' ? 'off' : 'work'},${from},${to === from ? '' : to},${name}`,
    )
    .join('\n')
}

/** The year's months as weeks of days, Monday first; undefined where a week begins before or ends after the month. */
export function monthsOf(year: number): (string | undefined)[][] {
  return Array.from({ length: 12 }, (_month, month) => {
    const count = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
    const before = (new Date(Date.UTC(year, month, 1)).getUTCDay() + 6) % 7
    return [
      ...Array.from({ length: before }, () => undefined),
      ...Array.from({ length: count }, (_day, day) =>
        new Date(Date.UTC(year, month, day + 1)).toISOString().slice(0, 10),
      ),
    ]
  })
}
