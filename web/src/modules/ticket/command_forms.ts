import type { CommandName } from '@/api'
import type { IconName } from '@/shared/ui/icons'

export type FieldKind =
  'line' | 'text' | 'moment' | 'choice' | 'class' | 'category' | 'yes_no' | 'score' | 'grade' | 'area'

export interface FormField {
  name: string
  kind: FieldKind
  required?: boolean
  /** Values of a choice, with texts `ticket.<name>.<value>`. */
  values?: readonly string[]
  /** What a new form begins with. */
  initial?: string | boolean | number
  /** Begins with what the ticket holds, where a text else begins empty. */
  fromTicket?: boolean
}

export interface CommandForm {
  icon: IconName
  /** Shortcut on the workbench. */
  keys?: string
  fields: FormField[]
  danger?: boolean
  wide?: boolean
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
  tell_progress: { icon: 'history', keys: 't', fields: [{ name: 'content', kind: 'text', required: true }] },
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
const beside: CommandName[] = ['resolve_at_first_contact', 'promise', 'tell_progress', 'wait_for_customer']

export interface ActionBar {
  main?: CommandName
  side: CommandName[]
  more: CommandName[]
}

/** Arranges what the server allows; never offers more than that. */
export function arrangeActions(allowed: readonly CommandName[]): ActionBar {
  const withForm = allowed.filter((name) => commandForms[name])
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
