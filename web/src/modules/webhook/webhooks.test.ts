import { describe, expect, it } from 'vitest'
import { eventNameOf, groupsOf, healthOf, toggled } from './webhooks'

const at = '2026-01-05T01:00:00.000Z'

describe('a webhook', () => {
  it.each([
    ['new', { disabled_at: null, failing_since: null, last_success_at: null }],
    ['good', { disabled_at: null, failing_since: null, last_success_at: at }],
    ['failing', { disabled_at: null, failing_since: at, last_success_at: at }],
    ['disabled', { disabled_at: at, failing_since: at, last_success_at: at }],
  ])('is %s', (health, webhook) => expect(healthOf(webhook)).toBe(health))
})

describe('kinds of events', () => {
  const [tickets, obligations] = groupsOf(['ticket.received', 'obligation.met', 'ticket.rated'])
  it('are grouped by their noun in the order they come', () =>
    expect([tickets, obligations]).toEqual([
      { noun: 'ticket', kinds: ['ticket.received', 'ticket.rated'] },
      { noun: 'obligation', kinds: ['obligation.met'] },
    ]))
  it('are named as the history names the events', () => {
    expect(eventNameOf('ticket.received')).toBe('ticket_received')
    expect(eventNameOf('ticket.rated')).toBe('rated')
    expect(eventNameOf('obligation.met')).toBe('obligation_met')
  })
  it('are chosen and left by whole groups', () => {
    const group = { noun: 'ticket', kinds: ['ticket.received', 'ticket.rated'] }
    const all = toggled(['ticket.rated', 'obligation.met'], group)
    expect(all).toEqual(['obligation.met', 'ticket.received', 'ticket.rated'])
    expect(toggled(all, group)).toEqual(['obligation.met'])
  })
})
