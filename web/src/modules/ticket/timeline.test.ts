import { describe, expect, it } from 'vitest'
import type { EventType, TicketEvent } from '@/api'
import { buildTimeline } from './timeline'

let seq = 0
const event = (
  type: EventType,
  data: Record<string, unknown> = {},
  at = '2026-11-23T02:00:00Z',
  actor?: string,
): TicketEvent => ({
  seq: ++seq,
  at,
  actor: actor ? { id: '0'.repeat(13), name: actor } : null,
  type,
  data,
  hash: '',
})
const dayOf = (at: string) => at.slice(0, 10)
const build = (...events: TicketEvent[]) => buildTimeline(events, dayOf)

describe('the conversation', () => {
  it.each([
    ['ticket_received', 'customer'],
    ['customer_wrote', 'customer'],
    ['responded', 'staff'],
    ['replied', 'staff'],
    ['progress_told', 'staff'],
    ['noted', 'note'],
  ] as const)('%s stands on the side of %s', (type, side) => {
    const [, item] = build(event(type, { content: '您好' }, undefined, '陈晓雯'))
    expect(item).toMatchObject({ kind: 'bubble', side, text: '您好', author: '陈晓雯' })
  })

  it('marks each new day once', () => {
    const items = build(
      event('noted', { content: 'a' }, '2026-11-22T23:00:00Z'),
      event('noted', { content: 'b' }, '2026-11-23T01:00:00Z'),
      event('noted', { content: 'c' }, '2026-11-23T02:00:00Z'),
    )
    expect(items.map(({ kind }) => kind)).toEqual(['day', 'bubble', 'day', 'bubble', 'bubble'])
  })

  it('keeps bookkeeping of deadlines out unless asked', () => {
    const events = [
      event('obligation_opened', { obligation: { no: 1, kind: 'respond', due_at: '2026-11-23T04:00:00Z' } }),
    ]
    expect(buildTimeline(events, dayOf)).toEqual([])
    expect(buildTimeline(events, dayOf, true)[1]).toMatchObject({
      kind: 'line',
      details: [
        { field: 'kind', value: 'respond', form: 'term', group: 'obligation' },
        { field: 'due_at', form: 'moment' },
      ],
    })
  })

  it('tells once what a solution promises', () => {
    const events = [
      event('solution_proposed', { solution: '更换皮带', expected_at: '2026-11-24T02:00:00Z' }),
      event('promised', { reason: '更换皮带', expected_at: '2026-11-24T02:00:00Z', by_solution: true }),
      event('promised', { reason: '等配件', expected_at: '2026-11-24T03:00:00Z', by_solution: false }),
    ]
    const texts = (items: ReturnType<typeof build>) =>
      items.map((item) => (item.kind === 'bubble' ? item.text : item.kind))
    expect(texts(build(...events))).toEqual(['day', '更换皮带', '等配件'])
    expect(texts(buildTimeline(events, dayOf, true))).toEqual(['day', '更换皮带', '更换皮带', '等配件'])
  })

  it('shows what a promise says, and leaves out empty fields', () => {
    const [, item] = build(
      event('promised', { reason: '等配件', procedure: '', expected_at: '2026-11-24T02:00:00Z' }, undefined, '林'),
    )
    expect(item).toMatchObject({ headed: true, text: '等配件', details: [{ field: 'expected_at', form: 'moment' }] })
  })

  it('shows an unanswered agreement as told, not as absent', () => {
    const [, item] = build(event('agreement_recorded', { agreed: false, comment: '太慢' }))
    expect(item).toMatchObject({ kind: 'line', details: [{ field: 'agreed', value: 'false' }, { field: 'comment' }] })
  })

  it('turns an added file into a link', () => {
    const [, item] = build(
      event('attachment_added', {
        attachment_id: 'abc',
        filename: '小票.jpg',
        size_bytes: 2048,
        media_type: 'image/jpeg',
      }),
    )
    expect(item).toMatchObject({ kind: 'file', attachmentId: 'abc', filename: '小票.jpg', sizeBytes: 2048 })
  })

  it('does not stumble over a type it does not know', () => {
    const [, item] = build(event('task_force_formed' as EventType, { reason: '复杂' }))
    expect(item).toMatchObject({ kind: 'line', details: [{ field: 'reason', value: '复杂' }] })
  })
})

describe('A14 what happens to a transfer slip', () => {
  const issued = event('slip_issued', { no: 2, unit_id: 'tech', problem: '停梯', demand: '恢复' })

  it('names the unit that the slip went to, though only its first event says so', () => {
    const [, first, second] = build(issued, event('slip_rejected', { no: 2, reason: 'not_our_matter' }))
    expect(first).toMatchObject({ kind: 'line', slip: { no: '2', unitId: 'tech' } })
    expect(second).toMatchObject({
      kind: 'line',
      tone: 'warn',
      slip: { no: '2', unitId: 'tech' },
      details: [{ field: 'reason', value: 'not_our_matter', form: 'rejection' }],
    })
  })

  it.each([
    ['transferred', 'staff', { told_customer: '已转技术部' }, '已转技术部'],
    ['extension_granted', 'staff', { no: 2, told_customer: '备件周三到' }, '备件周三到'],
    ['slip_progress_reported', 'note', { no: 2, content: '备件已领' }, '备件已领'],
    ['slip_completed', 'note', { no: 2, result: '恢复运行', summary: '已更换' }, '恢复运行'],
  ] as const)('%s stands on the side of %s', (type, side, data, text) => {
    const [, , item] = build(issued, event(type, data))
    expect(item).toMatchObject({ kind: 'bubble', side, text, headed: true })
  })
})
