import { ref } from 'vue'
import type { Pass } from '../api'
import { readShelf, writeShelf, type Shelf } from '../lib/browser'

/** Requests that were opened on this device, so that nobody has to type a secret twice. */
export interface Remembered extends Pass {
  subject: string
}

const place = 'shouwen.portal.requests'
const mostKept = 20

export function readRemembered(shelf: Shelf): Remembered[] {
  const found = readShelf(shelf, place)
  if (!Array.isArray(found)) return []
  return found.filter(
    (one): one is Remembered =>
      typeof one?.number === 'string' && typeof one?.secret === 'string' && typeof one?.subject === 'string',
  )
}

/** @returns the list with this one first, once, and not without end */
export function withRemembered(list: Remembered[], one: Remembered): Remembered[] {
  return [one, ...list.filter(({ number }) => number !== one.number)].slice(0, mostKept)
}

export const remembered = ref(readRemembered(localStorage))

export function remember(one: Remembered): void {
  const first = remembered.value[0]
  if (first?.number === one.number && first.secret === one.secret && first.subject === one.subject) return
  // Read again first: another tab may have added one.
  remembered.value = withRemembered(readRemembered(localStorage), one)
  writeShelf(localStorage, place, remembered.value)
}

export function forget(number: string): void {
  remembered.value = readRemembered(localStorage).filter((one) => one.number !== number)
  writeShelf(localStorage, place, remembered.value.length > 0 ? remembered.value : null)
}

/** What somebody may paste: the whole link, or only the number. */
export function readPass(text: string): Partial<Pass> {
  const link = /\/p\/r\/([\d-]+)(?:#(\S+))?/.exec(text)
  if (link) return { number: link[1], secret: link[2] }
  return { number: text.trim() }
}
