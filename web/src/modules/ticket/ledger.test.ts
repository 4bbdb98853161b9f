import { describe, expect, it } from 'vitest'
import type { EventType, Obligation, Tenure, TicketEvent } from '@/api'
import { layoutLedger, makeScale, stepsOf } from './ledger'

const start = Date.parse('2026-11-23T01:00:00Z')
const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString()
const event = (minutes: number, type: EventType, data: Record<string, unknown> = {}): TicketEvent => ({
  seq: minutes,
  at: at(minutes),
  actor: null,
  type,
  data,
  hash: '',
})
const obligation = (more: Partial<Obligation>): Obligation => ({
  id: '1',
  ticket_id: 't',
  ticket_number: null,
  subject_id: null,
  kind: 'respond',
  debtor: { kind: 'staff', id: 's', name: '林雪' },
  starts_at: at(0),
  due_at: at(30),
  calendar: null,
  policy_version: 1,
  warned_at: null,
  paused_since: null,
  met_at: null,
  breached_at: null,
  cancelled_at: null,
  cause: null,
  ...more,
})
const tenure = (from: number, to: number | null, name: string): Tenure => ({
  staff_id: name,
  name,
  from: at(from),
  to: to === null ? null : at(to),
  cause: from === 0 ? 'first_response' : 'hand_over',
})
const life = [event(0, 'ticket_received'), event(1, 'ownership_taken'), event(5, 'classified')]

describe('steps over time', () => {
  it('follow the events, without going back for a hand-over', () => {
    const steps = stepsOf([
      ...life,
      event(9, 'ownership_taken'),
      event(20, 'implementation_finished'),
      event(30, 'rework_started'),
      event(40, 'archived'),
    ])
    expect(steps.map(({ step }) => step)).toEqual(['intake', 'triage', 'handling', 'feedback', 'handling', 'archived'])
  })

  it('return to triage when reopened', () => {
    expect(stepsOf([...life, event(9, 'archived'), event(99, 'reopened')]).at(-1)?.step).toBe('triage')
  })
})

describe.each(['even', 'true'] as const)('the %s scale', (scale) => {
  it('keeps the order and fills the width', () => {
    const marks = [0, 1, 60, 3_000, 3_001, 90_000].map((minutes) => start + minutes * 60_000)
    const place = makeScale(marks, 800, scale)
    const places = marks.map(place)
    expect(places[0]).toBe(0)
    expect(places.at(-1)).toBeCloseTo(800)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
    expect(place(start - 1)).toBe(0)
    expect(place(start + 1e10)).toBe(800)
  })

  it('stands a single moment', () => {
    expect(makeScale([start], 800, scale)(start)).toBe(0)
  })
})

describe('A1 the responsibility ledger', () => {
  const now = start + 120 * 60_000
  const draw = (more: Partial<Parameters<typeof layoutLedger>[0]>) =>
    layoutLedger(
      { events: life, tenures: [tenure(1, 60, '陈晓雯'), tenure(60, null, '林雪')], obligations: [], ...more },
      now,
      900,
      'even',
    )

  it('draws tenures without a gap, up to now', () => {
    const { owners, xNow } = draw({})
    expect(owners.map(({ name, isOpen }) => [name, isOpen])).toEqual([
      ['陈晓雯', false],
      ['林雪', true],
    ])
    expect(owners[0]?.x2).toBe(owners[1]?.x1)
    expect(owners[1]?.x2).toBe(xNow)
  })

  it('draws steps side by side', () => {
    const { steps } = draw({})
    expect(steps.map(({ step }) => step)).toEqual(['intake', 'triage', 'handling'])
    expect(steps[0]?.x2).toBe(steps[1]?.x1)
    expect(steps[1]?.x2).toBe(steps[2]?.x1)
  })

  it.each([
    ['kept', { met_at: at(10) }],
    ['late', { met_at: at(40), breached_at: at(30) }],
    ['open_late', { breached_at: at(30) }],
    ['open', { due_at: at(500) }],
    ['paused', { due_at: at(500), paused_since: at(20) }],
  ] as const)('shows a deadline as %s', (state, more) => {
    const [row] = draw({ obligations: [obligation(more)] }).rows
    expect(row?.bars[0]?.state).toBe(state)
  })

  it('leaves out deadlines that were cancelled before they could break', () => {
    expect(draw({ obligations: [obligation({ cancelled_at: at(3) })] }).rows).toEqual([])
  })

  it('follows a promise to its end', () => {
    const promised = event(10, 'promised', { no: 1, reason: '等配件', expected_at: at(60) })
    expect(draw({ events: [...life, promised] }).promises[0]?.state).toBe('late')
    expect(draw({ events: [...life, promised, event(50, 'promise_kept', { no: 1 })] }).promises[0]?.state).toBe('kept')
    const changed = event(50, 'promised', { no: 2, replaces: 1, reason: '改期', expected_at: at(600) })
    expect(draw({ events: [...life, promised, changed] }).promises.map(({ state }) => state)).toEqual([
      'replaced',
      'open',
    ])
  })

  it('ends with the archive', () => {
    const { xNow, steps, owners } = draw({
      events: [...life, event(100, 'archived')],
      tenures: [tenure(1, null, '林雪')],
    })
    expect(xNow).toBeUndefined()
    expect(steps.map(({ step }) => step)).not.toContain('archived')
    expect(owners[0]?.isOpen).toBe(false)
  })

  it('keeps time labels apart', () => {
    const obligations = Array.from({ length: 40 }, (_, n) =>
      obligation({ id: String(n), starts_at: at(n), due_at: at(n + 2), met_at: at(n + 1) }),
    )
    const { ticks } = draw({ obligations })
    const gaps = ticks.slice(1).map((tick, n) => tick.x - (ticks[n]?.x ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(90)
  })
})
