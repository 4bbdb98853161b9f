import { onScopeDispose, shallowReactive } from 'vue'
import { settings } from './settings'

/** One registry feeds shortcuts, the palette (Ctrl K) and the help sheet (?), so that they cannot disagree. */
export interface Command {
  id: string
  /** Key of the text. */
  label: string
  /** Key of the heading under which the help sheet lists it. */
  group: string
  /** `ctrl+k`, `alt+q`, `r`, `?`, or a chord: `g w`. */
  keys?: string
  /** Also works while somebody types in a field (only with a modifier or for Escape). */
  inFields?: boolean
  when?: () => boolean
  run: () => void
}

export const commands = shallowReactive(new Map<string, Command>())

/** Registers for as long as the component lives. A later registration of the same id wins until it goes. */
export function useCommands(list: Command[]): void {
  const before = new Map(list.map(({ id }) => [id, commands.get(id)]))
  for (const command of list) commands.set(command.id, command)
  onScopeDispose(() => {
    for (const command of list) {
      if (commands.get(command.id) !== command) continue
      const earlier = before.get(command.id)
      if (earlier) commands.set(command.id, earlier)
      else commands.delete(command.id)
    }
  })
}

export function available(): Command[] {
  return [...commands.values()].filter((command) => command.when?.() ?? true)
}

export interface Press {
  key: string
  code?: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
  isComposing: boolean
}

/** @returns the spelling used in `keys`, or undefined for a bare modifier or while an input method composes. */
export function spell(press: Press): string | undefined {
  if (press.isComposing || press.key === 'Process') return undefined
  if (['Control', 'Shift', 'Alt', 'Meta', 'Dead', 'Unidentified'].includes(press.key)) return undefined
  // Alt changes the letter on some keyboards, so the physical key counts there.
  const letter = press.altKey && press.code?.startsWith('Key') ? press.code.slice(3) : press.key
  const name = letter === ' ' ? 'space' : letter.toLowerCase()
  const modifiers = [press.ctrlKey || press.metaKey ? 'ctrl+' : '', press.altKey ? 'alt+' : '']
  const isNamed = name.length > 1
  return `${modifiers.join('')}${press.shiftKey && isNamed ? 'shift+' : ''}${name}`
}

export function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  // Nothing is typed into a box that is ticked.
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox'
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** A bare letter, digit or sign (also as a chord): what the switch turns off. */
export function isLetterKey(keys: string): boolean {
  return keys.split(' ').every((part) => part.length === 1)
}

const chordMs = 1_200

/** Remembers the first half of a chord. @returns the command to run, if any. */
export function createMatcher() {
  let pending = ''
  let pendingAt = 0

  return function match(press: Press, typing: boolean, now: number): Command | undefined {
    const spelled = spell(press)
    if (!spelled) return undefined
    const usable = available().filter((command) => {
      if (!command.keys) return false
      if (typing) return command.inFields === true
      return settings.value.letterKeys || !isLetterKey(command.keys)
    })
    const chord = now - pendingAt < chordMs && pending ? `${pending} ${spelled}` : spelled
    pending = ''
    const hit = usable.find(({ keys }) => keys === chord) ?? usable.find(({ keys }) => keys === spelled)
    if (hit) return hit
    if (usable.some(({ keys }) => keys?.startsWith(`${spelled} `))) {
      pending = spelled
      pendingAt = now
    }
    return undefined
  }
}

const keyNames: Record<string, string> = {
  ctrl: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
}

/** For the eye: `ctrl+enter` → `Ctrl ↵`. */
export function keyCaps(keys: string): string[] {
  return keys.split(/[ +]/).map((part) => keyNames[part] ?? (part.length === 1 ? part.toUpperCase() : part))
}
