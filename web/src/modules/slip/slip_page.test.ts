import { describe, expect, it } from 'vitest'
import type { EventType, Slip, SlipCommandName, TicketEvent } from '@/api'
import { pickSlip } from './pick_slip'
import { eventsOfSlip } from './slip_events'

const slips = ['t-1', 't-2', 't-3'].map((id) => ({ id })) as Slip[]
const ticket = (...mine: [string, SlipCommandName[]][]) => ({
  id: 't',
  slips,
  slip_commands: mine.map(([slip_id, commands]) => ({ slip_id, commands })),
})

describe('the slip that an address means', () => {
  it('is the one that it names, or none', () => {
    expect(pickSlip(ticket(), 't-2')?.id).toBe('t-2')
    expect(pickSlip(ticket(), 't-9')).toBeUndefined()
  })
  it('is, for an address that names the ticket, the one that may be acted upon, else the latest', () => {
    expect(pickSlip(ticket(['t-1', []], ['t-2', ['acknowledge']], ['t-3', []]), 't')?.id).toBe('t-2')
    expect(pickSlip(ticket(['t-1', []]), 't')?.id).toBe('t-3')
    expect(pickSlip({ ...ticket(), slips: [] }, 't')).toBeUndefined()
  })
})

describe('the history beside a slip', () => {
  const event = (type: EventType, data: Record<string, unknown> = {}) => ({ type, data }) as TicketEvent
  it('is that slip’s own and what concerns all, without other units’ and bookkeeping', () => {
    const shown = eventsOfSlip(
      [
        event('ticket_received'),
        event('slip_issued', { no: 1 }),
        event('slip_issued', { no: 12 }),
        event('obligation_opened', { no: 1 }),
        event('slip_rejected', { no: 12 }),
        event('noted'),
        event('slip_acknowledged', { no: 1 }),
      ],
      { number: '20261123-000007-1' },
    )
    expect(shown.map(({ type }) => type)).toEqual(['ticket_received', 'slip_issued', 'noted', 'slip_acknowledged'])
  })
})
