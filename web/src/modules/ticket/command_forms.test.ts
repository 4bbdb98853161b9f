import { describe, expect, it } from 'vitest'
import { arrangeActions, commandForms } from './command_forms'

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
    expect(shown).toHaveLength(all.length)
    expect(new Set(shown).size).toBe(all.length)
  })

  it('gives no key to two commands', () => {
    const keys = Object.values(commandForms).flatMap((form) => form.keys ?? [])
    expect(new Set(keys).size).toBe(keys.length)
  })
})
