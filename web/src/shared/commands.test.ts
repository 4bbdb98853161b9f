import { effectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { available, commands, createMatcher, isLetterKey, keyCaps, spell, useCommands, type Press } from './commands'
import { settings } from './settings'

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
})

const scope = () => effectScope()

function given(...list: { id: string; keys?: string; inFields?: boolean; when?: () => boolean }[]) {
  const living = scope()
  living.run(() => useCommands(list.map((one) => ({ label: 'l', group: 'g', run: vi.fn(), ...one }))))
  return living
}

afterEach(() => {
  commands.clear()
  settings.value.letterKeys = true
})

describe('spelling of a key press', () => {
  it.each([
    [press('k', { ctrlKey: true }), 'ctrl+k'],
    [press('k', { metaKey: true }), 'ctrl+k'],
    [press('œ', { altKey: true, code: 'KeyQ' }), 'alt+q'],
    [press('?', { shiftKey: true }), '?'],
    [press('R', { shiftKey: true }), 'r'],
    [press('Enter', { ctrlKey: true }), 'ctrl+enter'],
    [press('Shift', { shiftKey: true }), undefined],
    [press('a', { isComposing: true }), undefined],
    [press('Process'), undefined],
  ])('%o', (given, expected) => expect(spell(given)).toBe(expected))
})

describe('matching', () => {
  it('runs letters outside of fields only', () => {
    given({ id: 'reply', keys: 'r' }, { id: 'send', keys: 'ctrl+enter', inFields: true })
    const match = createMatcher()
    expect(match(press('r'), false, 0)?.id).toBe('reply')
    expect(match(press('r'), true, 0)).toBeUndefined()
    expect(match(press('Enter', { ctrlKey: true }), true, 0)?.id).toBe('send')
  })

  it('leaves letters alone when they are switched off, but keeps keys with a modifier', () => {
    given({ id: 'reply', keys: 'r' }, { id: 'go', keys: 'g w' }, { id: 'palette', keys: 'ctrl+k' })
    settings.value.letterKeys = false
    const match = createMatcher()
    expect(match(press('r'), false, 0)).toBeUndefined()
    match(press('g'), false, 1)
    expect(match(press('w'), false, 2)).toBeUndefined()
    expect(match(press('k', { ctrlKey: true }), false, 3)?.id).toBe('palette')
  })

  it('joins two keys to a chord within its time', () => {
    given({ id: 'go.work', keys: 'g w' })
    const match = createMatcher()
    expect(match(press('g'), false, 0)).toBeUndefined()
    expect(match(press('w'), false, 500)?.id).toBe('go.work')
    match(press('g'), false, 1_000)
    expect(match(press('w'), false, 9_000)).toBeUndefined()
  })

  it('ignores what is not available now', () => {
    given({ id: 'archive', keys: 'e', when: () => false })
    expect(createMatcher()(press('e'), false, 0)).toBeUndefined()
    expect(available()).toEqual([])
  })
})

describe('the registry', () => {
  it('gives a command back to whoever registered it before', () => {
    const page = given({ id: 'escape', keys: 'escape' })
    const first = commands.get('escape')
    const panel = given({ id: 'escape', keys: 'escape' })
    expect(commands.get('escape')).not.toBe(first)
    panel.stop()
    expect(commands.get('escape')).toBe(first)
    page.stop()
    expect(commands.size).toBe(0)
  })

  it('knows letter keys and shows keys readably', () => {
    expect(isLetterKey('g w')).toBe(true)
    expect(isLetterKey('ctrl+k')).toBe(false)
    expect(keyCaps('ctrl+enter')).toEqual(['Ctrl', '↵'])
    expect(keyCaps('g w')).toEqual(['G', 'W'])
  })
})
