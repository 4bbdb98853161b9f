import { describe, expect, it } from 'vitest'
import { answersToHandOver, arrangeActions, arrangeSlipActions, commandForms } from './command_forms'

describe('the action bar', () => {
  it('offers what the server allows and nothing else', () => {
    const bar = arrangeActions(['note', 'classify', 'promise', 'cancel'])
    expect(bar).toEqual({ main: 'classify', side: ['promise'], more: ['cancel'] })
  })

  it('leads to the next step', () => {
    expect(arrangeActions(['propose_solution', 'regrade', 'escalate']).main).toBe('propose_solution')
    expect(arrangeActions(['record_agreement', 'propose_solution']).main).toBe('record_agreement')
    expect(arrangeActions(['rate', 'archive', 'rework']).main).toBe('archive')
    // What is over is over: taking it up again is offered, not urged.
    expect(arrangeActions(['reopen'])).toEqual({ main: undefined, side: ['reopen'], more: [] })
    expect(arrangeActions([])).toEqual({ main: undefined, side: [], more: [] })
  })

  it('hides nothing behind "more" where there is little, but for what must not be hit by accident', () => {
    expect(arrangeActions(['escalate', 'note'])).toEqual({ main: undefined, side: ['escalate'], more: [] })
    expect(arrangeActions(['escalate', 'cancel'])).toEqual({ main: undefined, side: ['escalate'], more: ['cancel'] })
  })

  it('shows each command once', () => {
    const all = Object.keys(commandForms) as (keyof typeof commandForms)[]
    const { main, side, more } = arrangeActions(all)
    const shown = [main, ...side, ...more]
    // The answers to a hand-over stand beside what is offered.
    const expected = all.filter((name) => !answersToHandOver.some((answer) => answer === name))
    expect(shown).toHaveLength(expected.length)
    expect(new Set(shown)).toEqual(new Set(expected))
  })

  it('gives no key to two commands', () => {
    const keys = Object.values(commandForms).flatMap((form) => form.keys ?? [])
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('the actions of a slip', () => {
  it.each([
    ['what it waits for stands first', ['acknowledge', 'reject'], 'acknowledge', 'acknowledge', ['reject'], []],
    [
      'else what moves it on',
      ['withdraw', 'return_for_rework', 'confirm'],
      undefined,
      'confirm',
      ['return_for_rework', 'withdraw'],
      [],
    ],
    ['nothing is put forward that the server does not allow', ['withdraw'], 'complete', undefined, ['withdraw'], []],
    [
      'what is seldom wanted is behind "more"',
      ['appoint_handler', 'contact_customer', 'progress', 'propose', 'extend', 'complete'],
      'complete',
      'complete',
      ['progress'],
      ['extend', 'propose', 'contact_customer', 'appoint_handler'],
    ],
  ] as const)('%s', (_what, allowed, next, main, side, more) => {
    expect(arrangeSlipActions(allowed, next, 1)).toEqual({ main, side, more })
  })
})
