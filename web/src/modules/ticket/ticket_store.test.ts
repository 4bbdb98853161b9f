import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useTickets, type KnownTicket } from './ticket.store'

const ticket = (more: Partial<KnownTicket>) => ({ id: 't', version: 1, ...more }) as KnownTicket

describe('the tickets a page knows', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('are never replaced by an older version', () => {
    const { known, remember } = useTickets()
    remember(ticket({ version: 3, subject: 'new' }))
    remember(ticket({ version: 2, subject: 'old' }))
    expect(known.get('t')?.subject).toBe('new')
  })

  it('keep their commands while a newer list item lacks them, and know that these are old', () => {
    const { known, remember, changes } = useTickets()
    remember(ticket({ version: 1, commands: ['reply'] }))
    remember(ticket({ version: 2 }))
    expect(known.get('t')).toMatchObject({ version: 2, commands: ['reply'], commands_of: 1 })
    expect(changes.get('t')).toBe(1)
    remember(ticket({ version: 2, commands: ['note'] }))
    expect(known.get('t')).toMatchObject({ commands: ['note'], commands_of: 2 })
    expect(changes.get('t')).toBe(1)
  })
})
