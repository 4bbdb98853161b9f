import type { EventType, TicketEvent } from '@/api'

/** How a value of an event is shown; the component formats, this file only decides. */
export type DetailForm = 'text' | 'moment' | 'term' | 'score' | 'agreed' | 'staff' | 'rejection'
export interface Detail {
  /** Last part of the key `ticket.field.…`. */
  field: string
  value: string
  form: DetailForm
  /** For terms: the group of texts, as in `ticket.grade.…`. */
  group?: string
  /** Where another word than the field's own says what it is. */
  label?: string
}

interface Base {
  key: string
  at: string
  author: string | null
  type: EventType
  /** Of an event about a transfer slip: whose it is. */
  slip?: { no: string; unitId: string }
}
export interface Bubble extends Base {
  kind: 'bubble'
  side: 'customer' | 'staff' | 'note'
  text: string
  details: Detail[]
  /** Acts that say more than their words (a promise, a result) carry a heading. */
  headed: boolean
}
export interface Line extends Base {
  kind: 'line'
  details: Detail[]
  tone: 'plain' | 'good' | 'warn'
}
export interface FileItem extends Base {
  kind: 'file'
  attachmentId: string
  filename: string
  sizeBytes: number
  mediaType: string
}
export interface DayMark {
  kind: 'day'
  key: string
  at: string
}
export type TimelineItem = Bubble | Line | FileItem | DayMark

type Data = Record<string, unknown>

const text = (data: Data, field: string): string => {
  const value = data[field]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

type Wanted = [field: string, form?: DetailForm, group?: string, label?: string]

function details(data: Data, wanted: Wanted[]): Detail[] {
  const found: Detail[] = []
  for (const [field, form = 'text', group, label] of wanted) {
    const value = typeof data[field] === 'boolean' ? String(data[field]) : text(data, field)
    if (value) found.push({ field, value, form, group, ...(label ? { label } : {}) })
  }
  return found
}

/** Spoken words: who said them, and which fields belong under them. */
const bubbles: Partial<Record<EventType, { side: Bubble['side']; body: string; under?: Wanted[]; headed?: boolean }>> =
  {
    ticket_received: { side: 'customer', body: 'content', under: [['demand']] },
    customer_wrote: { side: 'customer', body: 'content' },
    rated: { side: 'customer', body: 'reason', under: [['score', 'score']], headed: true },
    responded: { side: 'staff', body: 'content' },
    replied: { side: 'staff', body: 'content' },
    progress_told: { side: 'staff', body: 'content', headed: true },
    noted: { side: 'note', body: 'content' },
    promised: { side: 'staff', body: 'reason', under: [['procedure'], ['expected_at', 'moment']], headed: true },
    solution_proposed: { side: 'staff', body: 'solution', under: [['steps'], ['expected_at', 'moment']], headed: true },
    result_given: { side: 'staff', body: 'result', under: [['handling'], ['solution']], headed: true },
    resolved_at_first_contact: { side: 'staff', body: 'result', under: [['handling'], ['solution']], headed: true },
    transferred: { side: 'staff', body: 'told_customer', headed: true },
    extension_granted: { side: 'staff', body: 'told_customer', under: [['new_due_at', 'moment']], headed: true },
    slip_progress_reported: { side: 'note', body: 'content', headed: true },
    slip_solution_proposed: { side: 'note', body: 'solution', under: [['expected_at', 'moment']], headed: true },
    slip_completed: {
      side: 'note',
      body: 'result',
      under: [['summary', 'text', undefined, 'slip_summary']],
      headed: true,
    },
  }

const lines: Partial<Record<EventType, { fields?: Wanted[]; tone?: Line['tone'] }>> = {
  ownership_taken: { fields: [['cause', 'term', 'tenure_cause']] },
  classified: {
    fields: [
      ['class', 'term', 'class'],
      ['category'],
      ['grade', 'term', 'grade'],
      ['complexity', 'term', 'complexity'],
      ['emotion', 'term', 'emotion'],
    ],
  },
  amended: { fields: [['demand'], ['category']] },
  regraded: { fields: [['from', 'term', 'grade'], ['to', 'term', 'grade'], ['reason']], tone: 'warn' },
  promise_kept: { tone: 'good' },
  promise_withdrawn: { fields: [['cause', 'term', 'end_cause']] },
  agreement_recorded: { fields: [['agreed', 'agreed'], ['comment']], tone: 'good' },
  implementation_finished: { fields: [['summary']], tone: 'good' },
  rework_started: { fields: [['reason']], tone: 'warn' },
  waiting_started: { fields: [['reason']] },
  waiting_ended: {},
  escalated: { fields: [['reason']], tone: 'warn' },
  archived: { fields: [['reason']], tone: 'good' },
  reopened: { fields: [['reason']], tone: 'warn' },
  cancelled: { fields: [['reason']], tone: 'warn' },
  slip_issued: { fields: [['problem'], ['demand']] },
  slip_acknowledged: { tone: 'good' },
  slip_rejected: { fields: [['reason', 'rejection']], tone: 'warn' },
  handler_appointed: { fields: [['staff_id', 'staff']] },
  slip_customer_contacted: { fields: [['summary']] },
  extension_asked: { fields: [['new_due_at', 'moment'], ['reason']], tone: 'warn' },
  extension_declined: { fields: [['reason']], tone: 'warn' },
  slip_confirmed: { tone: 'good' },
  slip_returned: { fields: [['reason']], tone: 'warn' },
  slip_withdrawn: { fields: [['reason']], tone: 'warn' },
  identity_verified: { fields: [['method', 'term', 'identity_method'], ['reference']], tone: 'good' },
  follow_up_recorded: {
    fields: [
      ['outcome', 'term', 'follow_up_outcome'],
      ['satisfaction', 'score'],
      ['recurred', 'term', 'recurred'],
      ['content', 'text', undefined, 'experience'],
    ],
  },
  ticket_linked: {
    fields: [
      ['cause', 'term', 'link_cause'],
      ['number', 'text', undefined, 'linked_ticket'],
    ],
  },
  hand_over_offered: { fields: [['staff_id', 'staff'], ['explanation']] },
  hand_over_declined: { fields: [['reason']], tone: 'warn' },
  hand_over_withdrawn: {},
}

const aboutSlips = new Set<EventType>([
  'slip_issued',
  'slip_acknowledged',
  'slip_rejected',
  'handler_appointed',
  'slip_customer_contacted',
  'slip_progress_reported',
  'slip_solution_proposed',
  'extension_asked',
  'extension_granted',
  'extension_declined',
  'slip_completed',
  'slip_confirmed',
  'slip_returned',
  'slip_withdrawn',
])

/** The number within the ticket of the slip that an event is about. */
export function slipNoOf(event: TicketEvent): string | undefined {
  return aboutSlips.has(event.type) ? text(event.data, 'no') : undefined
}

/** To which unit each slip went: only its first event says so. */
function unitsOfSlips(events: TicketEvent[]): Map<string, string> {
  const issued = events.filter(({ type }) => type === 'slip_issued')
  return new Map(issued.map(({ data }) => [text(data, 'no'), text(data, 'unit_id')]))
}

/** What an event says, as its line or bubble shows it. */
export function toItem(event: TicketEvent, slipUnits: Map<string, string> = new Map()): Bubble | Line | FileItem {
  // A deadline's opening carries the whole of it.
  const data = (event.type === 'obligation_opened' ? (event.data.obligation ?? event.data) : event.data) as Data
  const base: Base = { key: `e${event.seq}`, at: event.at, author: event.actor?.name ?? null, type: event.type }
  const slipNo = slipNoOf(event)
  if (slipNo) base.slip = { no: slipNo, unitId: slipUnits.get(slipNo) ?? '' }
  const spoken = bubbles[event.type]
  if (spoken) {
    const side = event.type === 'ticket_received' ? 'customer' : spoken.side
    return {
      ...base,
      kind: 'bubble',
      side,
      text: text(data, spoken.body),
      details: details(data, spoken.under ?? []),
      headed: spoken.headed ?? false,
    }
  }
  if (event.type === 'attachment_added') {
    return {
      ...base,
      kind: 'file',
      attachmentId: text(data, 'attachment_id'),
      filename: text(data, 'filename'),
      sizeBytes: Number(data.size_bytes ?? 0),
      mediaType: text(data, 'media_type'),
    }
  }
  const line = lines[event.type]
  const isDeadline = event.type.startsWith('obligation_')
  const fields: Wanted[] = isDeadline
    ? [
        ['kind', 'term', 'obligation'],
        ['due_at', 'moment'],
        ['cause', 'term', 'end_cause'],
      ]
    : (line?.fields ?? [['reason'], ['cause']])
  return { ...base, kind: 'line', details: details(data, fields), tone: line?.tone ?? 'plain' }
}

const isBookkeeping = (event: TicketEvent) => event.type.startsWith('obligation_')
/** A solution promises its own time; its bubble says both. */
const isSaidBySolution = (event: TicketEvent) => event.type === 'promised' && event.data.by_solution === true

/**
 * The conversation as it is read: words left and right, acts between them, a mark where a new day begins.
 * @param dayOf  the local day of an instant, in the organisation's zone
 */
export function buildTimeline(
  events: TicketEvent[],
  dayOf: (at: string) => string,
  withBookkeeping = false,
): TimelineItem[] {
  const items: TimelineItem[] = []
  const slipUnits = unitsOfSlips(events)
  let day = ''
  for (const event of events) {
    if (!withBookkeeping && (isBookkeeping(event) || isSaidBySolution(event))) continue
    const today = dayOf(event.at)
    if (today !== day) items.push({ kind: 'day', key: `d${today}`, at: event.at })
    day = today
    items.push(toItem(event, slipUnits))
  }
  return items
}
