import { describe, expect, it } from 'vitest'
import type { TicketSummary } from '@/api'
import { chooseLead, emptyParts, newRow, remarksByPart, toOrders, type SlipRow } from './slip_rows'

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
