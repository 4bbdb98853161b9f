import { describe, expect, it } from 'vitest'
import type { Staff, TicketSummary } from '@/api'
import { affairsOf } from './affairs'
import { inOrder, mayTakeOver } from './successors'

const ticket = (more: object): TicketSummary =>
  ({
    step: 'handling',
    next_due: null,
    waiting_since: null,
    waiting_reason: null,
    rework: null,
    solution: null,
    result: null,
    promises: [],
    slips: [],
    missing: [],
    ...more,
  }) as unknown as TicketSummary
const promise = {
  reason: '等配件',
  expected_at: '2026-11-24T10:00:00Z',
  by_solution: false,
  kept_at: null,
  replaced_at: null,
}
const slip = { unit_name: '技术部', state: 'issued', due_at: '2026-11-24T11:00:00Z', ended_at: null }
const solution = { solution: '更换皮带', state: 'agreed' }

describe('A4 what the next one has to know', () => {
  it('is the step alone, where nothing else presses', () => {
    expect(affairsOf(ticket({}))).toEqual([{ kind: 'step', step: 'handling' }])
  })

  it('is what is due, waited for, promised, handed to units and proposed', () => {
    const kinds = affairsOf(
      ticket({
        next_due: { obligation_id: '1', kind: 'plan', due_at: '2026-11-24T09:00:00Z' },
        waiting_since: '2026-11-24T08:00:00Z',
        rework: { reason: '仍漏水' },
        promises: [promise],
        slips: [slip],
        solution,
        missing: ['address'],
      }),
    ).map(({ kind }) => kind)
    expect(kinds).toEqual(['step', 'due', 'waiting', 'rework', 'promise', 'slip', 'solution', 'missing'])
  })

  it('is not what is over', () => {
    const kept = { ...promise, kept_at: '2026-11-24T09:00:00Z' }
    const replaced = { ...promise, replaced_at: '2026-11-24T09:00:00Z' }
    const ofSolution = { ...promise, by_solution: true }
    const ended = { ...slip, ended_at: '2026-11-24T09:00:00Z' }
    const all = { promises: [kept, replaced, ofSolution], slips: [ended], solution, result: { result: '已恢复' } }
    expect(affairsOf(ticket(all)).map(({ kind }) => kind)).toEqual(['step'])
  })
})

describe('A4 who is offered as a successor', () => {
  const owner = { id: 'chen', unit_id: 'hotline' }
  const person = (id: string, unit_id: string, permissions: string[], disabled_at: string | null = null): Staff =>
    ({ id, name: id, unit_id, permissions, disabled_at }) as unknown as Staff
  const agent = ['ticket_read_all', 'ticket_act']

  it.each([
    ['a colleague', person('ma', 'hotline', agent), true],
    ['an agent of another unit', person('su', 'online', agent), true],
    ['somebody of the own unit who reads only what is theirs', person('bai', 'hotline', ['ticket_act']), true],
    ['a handler elsewhere', person('zhao', 'tech', ['ticket_act']), false],
    ['who only reads', person('lu', 'hotline', ['ticket_read_all']), false],
    ['who has left', person('he', 'hotline', agent, '2026-11-01T00:00:00Z'), false],
    ['the owner', person('chen', 'hotline', agent), false],
  ])('%s', (_name, who, offered) => expect(mayTakeOver(who, owner)).toBe(offered))

  it('the own unit first, nobody twice', () => {
    const [near, far] = [person('ma', 'hotline', agent), person('su', 'online', agent)]
    expect(inOrder([far, near, near], owner).map(({ id }) => id)).toEqual(['ma', 'su'])
  })
})
