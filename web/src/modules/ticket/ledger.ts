import type { Obligation, ObligationKind, Step, Tenure, TicketEvent } from '@/api'

/**
 * The life of a ticket as one picture: who was responsible, which step it was in, what was promised, and each deadline
 * kept or broken. All positions are computed here; the component only draws.
 */
export type Scale = 'even' | 'true'

export interface StepBand {
  step: Step
  x1: number
  x2: number
}
export interface OwnerSpan {
  name: string
  cause: Tenure['cause']
  at: string
  x1: number
  x2: number
  isOpen: boolean
}
export interface PromiseSpan {
  reason: string
  expectedAt: string
  x1: number
  x2: number
  state: 'kept' | 'open' | 'late' | 'replaced'
}
export interface DueBar {
  id: string
  kind: ObligationKind
  /** Start, limit, and where it ended (or now). */
  x1: number
  xDue: number
  xEnd: number
  state: 'kept' | 'late' | 'open' | 'open_late' | 'paused' | 'cancelled'
  obligation: Obligation
}
export interface Tick {
  x: number
  at: string
}
export interface Ledger {
  steps: StepBand[]
  owners: OwnerSpan[]
  promises: PromiseSpan[]
  rows: { kind: ObligationKind; bars: DueBar[] }[]
  ticks: Tick[]
  xNow: number | undefined
}

const ms = (at: string) => Date.parse(at)

const stepAfter: Partial<Record<TicketEvent['type'], Step>> = {
  ticket_received: 'intake',
  ownership_taken: 'triage',
  classified: 'handling',
  rework_started: 'handling',
  implementation_finished: 'feedback',
  resolved_at_first_contact: 'feedback',
  archived: 'archived',
  reopened: 'triage',
  cancelled: 'cancelled',
}

/** Which step the ticket was in, from when. A hand-over or a second classification does not lead back. */
export function stepsOf(events: TicketEvent[]): { step: Step; at: string }[] {
  const found: { step: Step; at: string }[] = []
  for (const event of events) {
    const step = stepAfter[event.type]
    const before = found.at(-1)?.step
    if (!step || step === before) continue
    if (event.type === 'ownership_taken' && before !== 'intake') continue
    if (event.type === 'classified' && before !== 'triage' && before !== 'intake') continue
    found.push({ step, at: event.at })
  }
  return found
}

/**
 * Time to place. A true scale squeezes the lively first minutes of a week into nothing; the even one gives each stretch
 * between two marks a width that grows with the logarithm of its length. Both keep the order.
 */
export function makeScale(marks: number[], width: number, scale: Scale): (at: number) => number {
  const points = [...new Set(marks)].sort((a, b) => a - b)
  const first = points[0] ?? 0
  const last = points.at(-1) ?? first
  if (points.length < 2) return () => 0
  if (scale === 'true') return (at) => ((Math.min(Math.max(at, first), last) - first) / (last - first)) * width

  const weights = points
    .slice(1)
    .map((point, index) => 0.6 + Math.log2(1 + (point - (points[index] ?? point)) / 60_000))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const places = [0]
  for (const weight of weights) places.push((places.at(-1) ?? 0) + (weight / whole) * width)
  return (at) => {
    if (at <= first) return 0
    if (at >= last) return width
    const right = points.findIndex((point) => point >= at)
    const [from = first, to = last] = [points[right - 1], points[right]]
    const [left = 0, end = width] = [places[right - 1], places[right]]
    return left + ((at - from) / (to - from)) * (end - left)
  }
}

function stateOf(one: Obligation, now: number): DueBar['state'] {
  if (one.cancelled_at) return 'cancelled'
  if (one.met_at) return one.breached_at ? 'late' : 'kept'
  if (one.paused_since && !one.breached_at) return 'paused'
  return one.breached_at || ms(one.due_at) < now ? 'open_late' : 'open'
}

interface Made {
  id: string
  at: string
  reason: string
  expectedAt: string
  keptAt?: string
  replacedAt?: string
}

function promisesOf(events: TicketEvent[]): Made[] {
  const made: Made[] = []
  const word = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
  for (const { type, at, data } of events) {
    const id = word(data.no)
    const open = [...made].reverse().find((one) => !one.keptAt && !one.replacedAt && (!id || one.id === id))
    if (type === 'promised') {
      const replaces = word(data.replaces)
      const old = made.find((one) => one.id === replaces)
      if (old) old.replacedAt = at
      if (typeof data.expected_at === 'string')
        made.push({ id, at, reason: word(data.reason), expectedAt: data.expected_at })
    } else if (type === 'promise_kept' && open) open.keptAt = at
    else if (type === 'promise_withdrawn' && open) open.replacedAt = at
  }
  return made
}

const closeTogether = 90

/** Places of time labels: the first, the last, and what fits between. */
function ticksOf(marks: number[], place: (at: number) => number, width: number): Tick[] {
  const ticks: Tick[] = []
  for (const mark of [...new Set(marks)].sort((a, b) => a - b)) {
    const x = place(mark)
    const isFree = ticks.every((tick) => Math.abs(tick.x - x) >= closeTogether)
    if (isFree && x <= width - closeTogether / 2) ticks.push({ x, at: new Date(mark).toISOString() })
  }
  return ticks
}

export function layoutLedger(
  given: { events: TicketEvent[]; tenures: Tenure[]; obligations: Obligation[] },
  now: number,
  width: number,
  scale: Scale,
): Ledger {
  const { events, tenures, obligations } = given
  const stepMarks = stepsOf(events)
  const last = stepMarks.at(-1)
  const isOver = last?.step === 'archived' || last?.step === 'cancelled'
  const begin = ms(events[0]?.at ?? tenures[0]?.from ?? new Date(now).toISOString())
  const endOfLife = isOver && last ? ms(last.at) : now
  const made = promisesOf(events)

  const open = obligations.filter((one) => !one.met_at && !one.cancelled_at)
  const shown = obligations.filter((one) => !one.cancelled_at || one.breached_at)
  const marks = [
    begin,
    endOfLife,
    ...stepMarks.map(({ at }) => ms(at)),
    ...tenures.flatMap(({ from, to }) => [ms(from), ...(to ? [ms(to)] : [])]),
    ...made.flatMap(({ at, expectedAt }) => [ms(at), ms(expectedAt)]),
    ...shown.flatMap((one) => [ms(one.starts_at), ms(one.due_at), ...(one.met_at ? [ms(one.met_at)] : [])]),
    ...open.map((one) => ms(one.due_at)),
  ]
  const place = makeScale(marks, width, scale)
  const at = (moment: string) => place(ms(moment))
  const xEnd = place(endOfLife)

  const kinds = [...new Set(shown.map(({ kind }) => kind))]
  return {
    steps: stepMarks.flatMap(({ step, at: from }, index) => {
      const next = stepMarks[index + 1]
      if (isOver && !next) return []
      return [{ step, x1: at(from), x2: next ? at(next.at) : xEnd }]
    }),
    owners: tenures.map(({ name, staff_id, from, to, cause }) => ({
      name: name ?? staff_id,
      cause,
      at: from,
      x1: at(from),
      x2: to ? at(to) : xEnd,
      isOpen: !to && !isOver,
    })),
    promises: made.map((one) => ({
      reason: one.reason,
      expectedAt: one.expectedAt,
      x1: at(one.at),
      x2: at(one.expectedAt),
      state: one.replacedAt
        ? 'replaced'
        : one.keptAt
          ? ms(one.keptAt) <= ms(one.expectedAt)
            ? 'kept'
            : 'late'
          : ms(one.expectedAt) < now
            ? 'late'
            : 'open',
    })),
    rows: kinds.map((kind) => ({
      kind,
      bars: shown
        .filter((one) => one.kind === kind)
        .map((one) => ({
          id: one.id,
          kind,
          x1: at(one.starts_at),
          xDue: at(one.due_at),
          xEnd: at(one.met_at ?? one.cancelled_at ?? one.paused_since ?? new Date(now).toISOString()),
          state: stateOf(one, now),
          obligation: one,
        })),
    })),
    ticks: ticksOf(marks, place, width),
    xNow: isOver ? undefined : place(now),
  }
}
