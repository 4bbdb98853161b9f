import type { CommandName, SlipCommandName } from '@/api'
import type { IconName } from '@/shared/ui/icons'

export type FieldKind =
  | 'line'
  | 'text'
  | 'moment'
  | 'choice'
  | 'class'
  | 'category'
  | 'yes_no'
  | 'score'
  | 'grade'
  | 'area'
  | 'handler'
  | 'successor'
  | 'rejection'
  | 'slips'

export interface FormField {
  name: string
  kind: FieldKind
  /** Last part of the label's key `ticket.field.…`, where it is not the name. */
  label?: string
  required?: boolean
  /** Values of a choice, with texts `ticket.<name>.<value>`. */
  values?: readonly string[]
  /** What a new form begins with. */
  initial?: string | boolean | number
  /** Begins with what the ticket holds, where a text else begins empty. */
  fromTicket?: boolean
  /** Begins with how the matter stands, in words. */
  affairs?: boolean
}

export interface CommandForm {
  icon: IconName
  /** Shortcut on the workbench. */
  keys?: string
  fields: FormField[]
  danger?: boolean
  wide?: boolean
  /** Evidence can be added. */
  files?: boolean
}

/** The commands that a person gives through a small form. `reply`, `note` and `respond` have the composer instead. */
export const commandForms: Partial<Record<CommandName, CommandForm>> = {
  classify: {
    icon: 'sliders',
    keys: 'l',
    wide: true,
    fields: [
      { name: 'class', kind: 'class', required: true },
      { name: 'category', kind: 'category', required: true },
      { name: 'grade', kind: 'grade', required: true, initial: 'L3' },
      { name: 'complexity', kind: 'choice', values: ['simple', 'complex'], required: true, initial: 'simple' },
      { name: 'in_scope', kind: 'yes_no', required: true, initial: true },
      { name: 'emotion', kind: 'choice', values: ['calm', 'anxious', 'angry'] },
    ],
  },
  resolve_at_first_contact: {
    icon: 'check',
    keys: 'f',
    wide: true,
    fields: [
      { name: 'handling', kind: 'text', required: true },
      { name: 'solution', kind: 'text', required: true },
      { name: 'result', kind: 'text', required: true },
    ],
  },
  propose_solution: {
    icon: 'note',
    keys: 's',
    wide: true,
    fields: [
      { name: 'solution', kind: 'text', required: true },
      { name: 'steps', kind: 'text', required: true },
      { name: 'expected_at', kind: 'moment', required: true },
    ],
  },
  record_agreement: {
    icon: 'check',
    fields: [
      { name: 'agreed', kind: 'yes_no', required: true, initial: true },
      { name: 'comment', kind: 'text' },
    ],
  },
  finish_implementation: { icon: 'check', fields: [{ name: 'summary', kind: 'text', required: true }] },
  give_result: {
    icon: 'send',
    wide: true,
    fields: [
      { name: 'handling', kind: 'text', required: true },
      { name: 'solution', kind: 'text', required: true },
      { name: 'result', kind: 'text', required: true },
    ],
  },
  rate: {
    icon: 'star',
    fields: [
      { name: 'score', kind: 'score', required: true },
      { name: 'reason', kind: 'text' },
      { name: 'source', kind: 'choice', values: ['phone', 'staff', 'customer'], required: true, initial: 'phone' },
    ],
  },
  archive: { icon: 'book', fields: [{ name: 'reason', kind: 'text' }] },
  promise: {
    icon: 'calendar',
    keys: 'p',
    fields: [
      { name: 'reason', kind: 'text', required: true },
      { name: 'procedure', kind: 'text', required: true },
      { name: 'expected_at', kind: 'moment', required: true },
    ],
  },
  transfer: {
    icon: 'out',
    keys: 't',
    wide: true,
    fields: [
      { name: 'slips', kind: 'slips', required: true },
      { name: 'told_customer', kind: 'text', required: true },
    ],
  },
  hand_over: {
    icon: 'people',
    keys: 'h',
    wide: true,
    fields: [
      { name: 'to_staff_id', label: 'successor', kind: 'successor', required: true },
      { name: 'explanation', kind: 'text', required: true, affairs: true },
    ],
  },
  accept_hand_over: { icon: 'check', keys: 'y', fields: [] },
  decline_hand_over: { icon: 'back', keys: 'd', fields: [{ name: 'reason', kind: 'text', required: true }] },
  withdraw_hand_over: { icon: 'close', fields: [] },
  tell_progress: { icon: 'history', keys: 'i', fields: [{ name: 'content', kind: 'text', required: true }] },
  wait_for_customer: { icon: 'clock', keys: 'w', fields: [{ name: 'reason', kind: 'text', required: true }] },
  resume: { icon: 'arrow', fields: [] },
  amend: {
    icon: 'note',
    keys: 'm',
    fields: [
      { name: 'demand', kind: 'text', fromTicket: true },
      { name: 'category', kind: 'category' },
      { name: 'area_id', kind: 'area' },
    ],
  },
  regrade: {
    icon: 'flag',
    fields: [
      { name: 'grade', kind: 'grade', required: true },
      { name: 'reason', kind: 'text', required: true },
    ],
  },
  escalate: { icon: 'alert', keys: 'u', fields: [{ name: 'reason', kind: 'text', required: true }] },
  rework: { icon: 'refresh', fields: [{ name: 'reason', kind: 'text', required: true }] },
  reopen: { icon: 'refresh', fields: [{ name: 'reason', kind: 'text', required: true }] },
  cancel: { icon: 'close', danger: true, fields: [{ name: 'reason', kind: 'text', required: true }] },
}

const reason: FormField = { name: 'reason', kind: 'text', required: true }

/** The same for a transfer slip. */
export const slipForms: Record<SlipCommandName, CommandForm> = {
  acknowledge: { icon: 'check', keys: 'y', fields: [] },
  reject: { icon: 'back', danger: true, fields: [{ name: 'reason', kind: 'rejection', required: true }] },
  appoint_handler: {
    icon: 'people',
    keys: 'h',
    fields: [{ name: 'staff_id', label: 'handler', kind: 'handler', required: true }],
  },
  contact_customer: {
    icon: 'phone',
    keys: 'c',
    fields: [{ name: 'summary', label: 'contact_summary', kind: 'text', required: true }],
  },
  progress: {
    icon: 'history',
    keys: 'i',
    fields: [{ name: 'content', label: 'progress', kind: 'text', required: true }],
  },
  propose: {
    icon: 'note',
    keys: 's',
    fields: [
      { name: 'solution', kind: 'text', required: true },
      { name: 'expected_at', kind: 'moment', required: true },
    ],
  },
  extend: {
    icon: 'clock',
    fields: [reason, { name: 'new_due_at', kind: 'moment', required: true }],
  },
  grant_extension: { icon: 'check', fields: [{ name: 'told_customer', kind: 'text' }] },
  decline_extension: { icon: 'close', fields: [reason] },
  complete: {
    icon: 'check',
    keys: 'f',
    wide: true,
    files: true,
    fields: [
      { name: 'summary', label: 'slip_summary', kind: 'text', required: true },
      { name: 'result', kind: 'text', required: true },
    ],
  },
  confirm: { icon: 'check', fields: [] },
  return_for_rework: { icon: 'refresh', fields: [reason] },
  withdraw: { icon: 'close', danger: true, fields: [reason] },
}

/** What moves the matter on, most telling first: the first one allowed becomes the main button. */
const forward: CommandName[] = [
  'classify',
  'archive',
  'rate',
  'give_result',
  'finish_implementation',
  'record_agreement',
  'propose_solution',
  'resume',
]
const beside: CommandName[] = ['resolve_at_first_contact', 'transfer', 'promise', 'tell_progress', 'wait_for_customer']

export interface ActionBar {
  main?: CommandName
  side: CommandName[]
  more: CommandName[]
}

/** What answers an open hand-over stands beside its explanation, above everything else. */
export const answersToHandOver = ['accept_hand_over', 'decline_hand_over', 'withdraw_hand_over'] as const

/** Arranges what the server allows; never offers more than that. */
export function arrangeActions(allowed: readonly CommandName[]): ActionBar {
  const isAnswer = (name: CommandName) => answersToHandOver.some((answer) => answer === name)
  const withForm = allowed.filter((name) => commandForms[name] && !isAnswer(name))
  const main = forward.find((name) => withForm.includes(name))
  const others = [...forward, ...beside].filter((name) => name !== main && withForm.includes(name))
  const rest = withForm.filter((name) => name !== main)
  // Two beside it; where there is little to choose from, nothing is hidden behind "more".
  const side = [
    ...beside.filter((name) => others.includes(name)),
    ...others.filter((name) => !beside.includes(name)),
    ...rest.filter((name) => rest.length <= 2 && !others.includes(name) && !commandForms[name]?.danger),
  ].slice(0, 2)
  const more = rest.filter((name) => !side.includes(name))
  return { main, side, more }
}

/** What moves a slip on, most telling first. */
const slipForward: SlipCommandName[] = [
  'acknowledge',
  'confirm',
  'grant_extension',
  'appoint_handler',
  'contact_customer',
  'propose',
  'complete',
]

/** What else is done about it, most usual first; what ends it without an outcome last. */
const slipBeside: SlipCommandName[] = [
  'reject',
  'return_for_rework',
  'decline_extension',
  'progress',
  'extend',
  'complete',
  'propose',
  'contact_customer',
  'appoint_handler',
  'acknowledge',
  'confirm',
  'grant_extension',
  'withdraw',
]

export interface SlipActions {
  main?: SlipCommandName
  side: SlipCommandName[]
  more: SlipCommandName[]
}

/**
 * Arranges what the server allows about a slip.
 * @param next  what is due now; where it is allowed, it becomes the main button
 * @param beside  how many stand beside it
 */
export function arrangeSlipActions(
  allowed: readonly SlipCommandName[],
  next: SlipCommandName | undefined,
  beside: number,
): SlipActions {
  const main: SlipCommandName | undefined =
    next && allowed.includes(next) ? next : slipForward.find((name) => allowed.includes(name))
  const rank = (name: SlipCommandName) => slipBeside.indexOf(name)
  const rest = allowed.filter((name) => name !== main).sort((a, b) => rank(a) - rank(b))
  // One alone is not hidden behind "more".
  const side = rest.slice(0, rest.length === beside + 1 ? rest.length : beside)
  return { main, side, more: rest.filter((name) => !side.includes(name)) }
}
