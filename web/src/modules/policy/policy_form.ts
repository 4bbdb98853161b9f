import type { FieldError, PolicyDocument } from '@/api'

/** A copy to edit: what the server sent stays as it was, for comparing and for giving up. */
export function copyOf(document: PolicyDocument): PolicyDocument {
  return JSON.parse(JSON.stringify(document)) as PolicyDocument
}

/** The server's remarks by pointer; one that points deeper also shows at the part of the page that holds it. */
export function remarksAt(errors: FieldError[] | undefined, pointer: string): string | undefined {
  const found = (errors ?? []).filter((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`))
  return found.length ? found.map(({ detail }) => detail).join(' ') : undefined
}

/** `50, 80` as people type it. @returns undefined when it holds anything but numbers */
export function readPercents(text: string): number[] | undefined {
  const parts = text.split(/[\s,，、%]+/).filter(Boolean)
  return parts.every((part) => /^\d{1,2}$/.test(part)) ? parts.map(Number) : undefined
}

export interface Window {
  from: string
  to: string
}

/** `09:00-12:00, 13:30-18:00`, the way a duty list is written; undefined when it is not. */
export function readWindows(text: string): Window[] | undefined {
  const parts = text.split(/[,，;；\s]+/).filter(Boolean)
  const windows: Window[] = []
  for (const part of parts) {
    const match = /^(\d{1,2}):?(\d\d)\s*[-–~至]\s*(\d{1,2}):?(\d\d)$/.exec(part)
    if (!match) return undefined
    const [, fromHour = '', fromMinute = '', toHour = '', toMinute = ''] = match
    windows.push({ from: `${fromHour.padStart(2, '0')}:${fromMinute}`, to: `${toHour.padStart(2, '0')}:${toMinute}` })
  }
  return windows
}

export const writeWindows = (windows: Window[]) => windows.map(({ from, to }) => `${from}-${to}`).join(', ')
