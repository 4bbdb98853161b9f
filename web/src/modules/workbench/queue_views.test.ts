import { describe, expect, it } from 'vitest'
import { busiestView, firstView, viewsFor } from './queue_views'

const holding =
  (...permissions: string[]) =>
  (permission: string) =>
    permissions.includes(permission)
const agent = holding('ticket_act', 'ticket_respond')
const handler = holding('ticket_act')
const supervisor = holding('ticket_act', 'ticket_respond', 'ticket_act_for_others')
const inspector = holding('ticket_read_all')

describe('the views of the queue', () => {
  it.each([
    ['an agent', agent, ['mine', 'inbox', 'unit', 'overdue'], 'mine'],
    ['a handler, who does not take from the inbox', handler, ['mine', 'unit', 'overdue'], 'mine'],
    ['an inspector, who only reads', inspector, ['unit', 'overdue', 'all'], 'overdue'],
  ] as const)('of %s', (_who, may, views, first) => {
    expect(viewsFor(may)).toEqual(views)
    expect(firstView(viewsFor(may))).toBe(first)
  })

  it.each([
    ['own work comes first', supervisor, { mine: 1, inbox: 9, unit: 9, overdue: 9 }, 'mine'],
    ['a supervisor answers for what is overdue', supervisor, { mine: 0, inbox: 9, unit: 9, overdue: 1 }, 'overdue'],
    ['an agent takes the next one in', agent, { mine: 0, inbox: 1, unit: 9, overdue: 9 }, 'inbox'],
    ['a handler has no inbox', handler, { mine: 0, inbox: 1, unit: 2, overdue: 0 }, 'unit'],
    ['a reader sees all when nothing is urgent', inspector, { mine: 0, inbox: 3, unit: 0, overdue: 0 }, 'all'],
    ['nothing anywhere', agent, { mine: 0, inbox: 0, unit: 0, overdue: 0 }, undefined],
  ] as const)('%s', (_why, may, counts, view) => {
    expect(busiestView(viewsFor(may), counts, may)).toBe(view)
  })
})
