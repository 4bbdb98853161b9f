import type { Shelf } from './draft_box'

/** A form that somebody is filling in, with what it was when they began: for seeing what others changed since. */
export interface KeptForm<T> {
  /** Of the record when the form was opened; 0 for a new one. */
  version: number
  base: T
  value: T
}

const keyOf = (owner: string, place: string) => `shouwen.form.${owner}.${place}`

/** @returns undefined for nothing kept, and for what an older or broken browser has left */
export function readForm<T>(shelf: Shelf, owner: string, place: string): KeptForm<T> | undefined {
  try {
    const found: unknown = JSON.parse(shelf.getItem(keyOf(owner, place)) ?? 'null')
    if (!found || typeof found !== 'object' || !('base' in found) || !('value' in found)) return undefined
    return typeof (found as KeptForm<T>).version === 'number' ? (found as KeptForm<T>) : undefined
  } catch {
    return undefined
  }
}

/** @returns whether it could be kept; a full or forbidden storage is no reason to stop anybody typing */
export function writeForm<T>(shelf: Shelf, owner: string, place: string, form: KeptForm<T> | undefined): boolean {
  try {
    if (form) shelf.setItem(keyOf(owner, place), JSON.stringify(form))
    else shelf.removeItem(keyOf(owner, place))
    return true
  } catch {
    return false
  }
}
