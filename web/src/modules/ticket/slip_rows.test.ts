import { describe, expect, it } from 'vitest'
import type { TicketSummary } from '@/api'
import {
  chooseLead,
  emptyParts,
  newRow,
  remarksByPart,
  toOrders,
  type SlipRow,
  isUntouched,
  rowsFrom,
  withProposed,
} from './slip_rows'

const row = (more: Partial<SlipRow> = {}): SlipRow => ({
  unit_id: 'u1',
  assignee_id: '',
  problem: '三号梯停在二楼',
  demand: '恢复运行',
  due_at: '',
  lead: false,
  ...more,
})
const ticket = (more: Partial<TicketSummary> = {}) =>
  ({ subject: '电梯', content: '三号梯停了', demand: '尽快修好', slips: [], ...more }) as unknown as TicketSummary

describe('A8 the parts of a transfer', () => {
  it('begin with what the customer said, and one of them leads', () => {
    const first = newRow(ticket())
    expect(first).toMatchObject({ problem: '三号梯停了', demand: '尽快修好', lead: true })
    expect(newRow(ticket(), [first]).lead).toBe(false)
  })

  it('do not take the lead from a slip that has it and is open', () => {
    const slips = (ended_at: string | null) => [{ lead: true, ended_at }] as unknown as TicketSummary['slips']
    expect(newRow(ticket({ slips: slips(null) })).lead).toBe(false)
    expect(newRow(ticket({ slips: slips('2026-11-23T02:00:00Z') })).lead).toBe(true)
  })

  it('are led by one at most, or by none', () => {
    const leads = (rows: SlipRow[]) => rows.map(({ lead }) => lead)
    const second = chooseLead([row({ lead: true }), row()], 1)
    expect(leads(second)).toEqual([false, true])
    expect(leads(chooseLead(second, 1))).toEqual([false, false])
  })

  it('are sent as instants, without what is empty', () => {
    expect(
      toOrders([row({ problem: ' 停梯 ', due_at: '2026-11-23T18:00', lead: true }), row()], 'Asia/Shanghai'),
    ).toEqual([
      { unit_id: 'u1', problem: '停梯', demand: '恢复运行', due_at: '2026-11-23T10:00:00.000Z', lead: true },
      { unit_id: 'u1', problem: '三号梯停在二楼', demand: '恢复运行', lead: false },
    ])
  })

  it('say which field of which part is still empty', () => {
    expect(emptyParts([row(), row({ unit_id: '', demand: '  ' })])).toEqual(['1/unit_id', '1/demand'])
  })

  it('get the server’s remarks each at its field', () => {
    expect(
      remarksByPart([
        { pointer: '/slips/1/unit_id', code: 'unit_unknown', detail: '没有这个部门。' },
        { pointer: '/slips', code: 'lead_twice', detail: '只能有一个主办。' },
      ]),
    ).toEqual({ '1/unit_id': '没有这个部门。' })
  })
})

describe('D4 what the responsibility matrix proposes', () => {
  const matter = { subject: '', content: '客梯停运', demand: '恢复运行', slips: [] }
  const busy = (unit_id: string, ended_at: string | null) =>
    ({ ...matter, slips: [{ unit_id, lead: true, ended_at }] }) as unknown as Parameters<typeof rowsFrom>[1]
  const unit = (id: string) => ({ id, name: id })
  const proposal = {
    lead_unit: unit('tech'),
    lead_staff: { id: 'zhao', name: '赵国强' },
    cooperating: [
      { unit: unit('production'), duty: '核查批次' },
      { unit: unit('quality'), duty: '' },
      { unit: null, duty: '没有部门' },
    ],
  }

  it('is a part for the lead and one for each who cooperates, with their duty', () => {
    const rows = rowsFrom(proposal, matter)
    expect(rows.map(({ unit_id, assignee_id, demand, lead }) => [unit_id, assignee_id, demand, lead])).toEqual([
      ['tech', 'zhao', '恢复运行', true],
      ['production', '', '核查批次', false],
      ['quality', '', '恢复运行', false],
    ])
    expect(rows.every(({ problem }) => problem === '客梯停运')).toBe(true)
    expect(rowsFrom({ lead_unit: null, lead_staff: null, cooperating: [] }, matter)).toEqual([])
  })

  it('leaves out who is at work on it, but not whose slip has ended', () => {
    expect(rowsFrom(proposal, busy('tech', null)).map(({ unit_id }) => unit_id)).toEqual(['production', 'quality'])
    expect(rowsFrom(proposal, busy('tech', '2026-11-24T08:00:00Z'))[0]).toMatchObject({ unit_id: 'tech', lead: true })
  })

  it('never replaces what somebody has written', () => {
    expect(isUntouched([newRow(matter)], matter)).toBe(true)
    const own = { ...newRow(matter), unit_id: 'quality', demand: '抽检' }
    expect(isUntouched([own], matter)).toBe(false)
    const all = withProposed([own, newRow(matter)], rowsFrom(proposal, matter))
    expect(all.map(({ unit_id, demand, lead }) => [unit_id, demand, lead])).toEqual([
      ['quality', '抽检', true],
      ['tech', '恢复运行', false],
      ['production', '核查批次', false],
    ])
  })
})
