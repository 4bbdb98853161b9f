import type { CategoryNode, Grade, ObligationKind, PolicyDocument, TicketClass } from '@/api'
import { same } from '@/shared/merge'
import { rowsOf } from './category_tree'
import { writeWindows } from './policy_form'

type Language = 'zh-CN' | 'zh-TW' | 'en'
export const languages: Language[] = ['zh-CN', 'zh-TW', 'en']
export const classes: TicketClass[] = ['consultation', 'suggestion', 'complaint', 'help', 'repair', 'business']
export const switches = [
  'archive_when_unanswered',
  'raise_angry_complaints',
  'strict_categories',
  'strict_rejection_reasons',
] as const
/** A list of names in the document: a class's categories, or the reasons for which a slip may be rejected. */
export type NameTree = TicketClass | 'rejection_reasons' | 'identity_questions'
export const followUpNumbers = ['share_percent', 'attempts_max'] as const
export const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** One difference between two versions: what it is about, and how it was and is. The page puts it into words. */
export type PolicyChange =
  | { about: 'limit'; kind: ObligationKind; grade: Grade; before: string; after: string }
  | {
      about: 'warnings_percent' | 'dissatisfied_up_to' | 'rejections_until_ruling' | 'confirm_filing_above'
      before: string
      after: string
    }
  | { about: 'chain_interval' | 'attempt_interval' | 'questions'; before: string; after: string }
  | { about: (typeof followUpNumbers)[number]; before: string; after: string }
  | { about: 'revisited_class'; class: TicketClass; after: boolean }
  | { about: 'after_dissatisfaction'; after: boolean }
  | { about: 'category_identity'; of: NameTree; category: CategoryNode; after: boolean }
  | { about: 'paused'; kind: ObligationKind; after: boolean }
  | { about: 'switch'; name: (typeof switches)[number]; after: boolean }
  | { about: 'default_calendar'; before: string; after: string }
  | { about: 'calendar_added' | 'calendar_removed'; calendar: string }
  | { about: 'calendar_day'; calendar: string; day: (typeof days)[number]; before: string; after: string }
  | { about: 'calendar_field'; calendar: string; field: 'name' | 'time_zone' | 'kind'; before: string; after: string }
  | { about: 'calendar_holidays'; calendar: string; after: boolean }
  | { about: 'calendar_make_up'; calendar: string; before: string; after: string }
  | {
      about: 'category_added' | 'category_removed' | 'category_retired' | 'category_restored' | 'category_moved'
      of: NameTree
      category: CategoryNode
    }
  | {
      about: 'category_renamed'
      of: NameTree
      category: CategoryNode
      language: Language
      before: string
      after: string
    }
  | { about: 'required_field'; class: TicketClass; field: string; after: boolean }
  | { about: 'consent'; language: Language; before: string; after: string }

const grades: Grade[] = ['L1', 'L2', 'L3']

function* limitChanges(before: PolicyDocument, after: PolicyDocument): Generator<PolicyChange> {
  for (const kind of Object.keys(after.limits) as (keyof PolicyDocument['limits'])[])
    for (const grade of grades) {
      const [was, is] = [before.limits[kind][grade], after.limits[kind][grade]]
      if (was !== is) yield { about: 'limit', kind, grade, before: was, after: is }
    }
}

function* ruleChanges(before: PolicyDocument, after: PolicyDocument): Generator<PolicyChange> {
  const percents = (document: PolicyDocument) => (document.warnings_percent ?? []).map((one) => `${one}%`).join(', ')
  if (percents(before) !== percents(after))
    yield { about: 'warnings_percent', before: percents(before), after: percents(after) }
  if (before.chain_interval !== after.chain_interval)
    yield { about: 'chain_interval', before: before.chain_interval, after: after.chain_interval }
  for (const about of ['dissatisfied_up_to', 'rejections_until_ruling', 'confirm_filing_above'] as const)
    if (before[about] !== after[about]) yield { about, before: String(before[about]), after: String(after[about]) }
  const paused = (document: PolicyDocument) => document.paused_while_waiting ?? []
  for (const kind of new Set([...paused(before), ...paused(after)])) {
    const now = paused(after).includes(kind)
    if (paused(before).includes(kind) !== now) yield { about: 'paused', kind, after: now }
  }
  for (const name of switches) if (before[name] !== after[name]) yield { about: 'switch', name, after: after[name] }
}

function* calendarChanges(before: PolicyDocument, after: PolicyDocument): Generator<PolicyChange> {
  const nameOf = (document: PolicyDocument, id: string) =>
    document.calendars.find((calendar) => calendar.id === id)?.name ?? id
  if (before.default_calendar !== after.default_calendar)
    yield {
      about: 'default_calendar',
      before: nameOf(before, before.default_calendar),
      after: nameOf(after, after.default_calendar),
    }
  for (const was of before.calendars)
    if (!after.calendars.some(({ id }) => id === was.id)) yield { about: 'calendar_removed', calendar: was.name }
  for (const is of after.calendars) {
    const was = before.calendars.find(({ id }) => id === is.id)
    if (!was) {
      yield { about: 'calendar_added', calendar: is.name }
      continue
    }
    for (const field of ['name', 'time_zone', 'kind'] as const)
      if (was[field] !== is[field])
        yield { about: 'calendar_field', calendar: is.name, field, before: was[field] ?? '', after: is[field] ?? '' }
    if (was.uses_public_holidays !== is.uses_public_holidays)
      yield { about: 'calendar_holidays', calendar: is.name, after: is.uses_public_holidays ?? true }
    if (was.make_up_weekday !== is.make_up_weekday)
      yield {
        about: 'calendar_make_up',
        calendar: is.name,
        before: was.make_up_weekday ?? 'monday',
        after: is.make_up_weekday ?? 'monday',
      }
    for (const day of days) {
      const [then, now] = [writeWindows(was.week[day] ?? []), writeWindows(is.week[day] ?? [])]
      if (then !== now) yield { about: 'calendar_day', calendar: is.name, day, before: then, after: now }
    }
  }
}

function* categoryChanges(of: NameTree, before: CategoryNode[], after: CategoryNode[]): Generator<PolicyChange> {
  const rows = (tree: CategoryNode[]) => rowsOf(tree, '')
  const [was, is] = [rows(before), rows(after)]
  // Above it and, among its neighbours that both trees have, before it: where a category stands.
  const spots = (list: typeof was, other: typeof was) => {
    const known = new Set(other.map(({ node }) => node.code))
    const spot = new Map<string, string>()
    const last: Record<string, string> = {}
    for (const { node, place } of list) {
      const above = list.find((one) => same(one.place, place.slice(0, -1)))?.node.code ?? ''
      spot.set(node.code, `${above}/${last[above] ?? ''}`)
      if (known.has(node.code)) last[above] = node.code
    }
    return spot
  }
  const [wasAt, isAt] = [spots(was, is), spots(is, was)]
  for (const { node } of was) if (!isAt.has(node.code)) yield { about: 'category_removed', of, category: node }
  for (const { node } of is) {
    const then = was.find((row) => row.node.code === node.code)?.node
    if (!then) {
      yield { about: 'category_added', of, category: node }
      continue
    }
    for (const language of languages)
      if (then.name[language] !== node.name[language])
        yield {
          about: 'category_renamed',
          of,
          category: then,
          language,
          before: then.name[language],
          after: node.name[language],
        }
    if ((then.retired ?? false) !== (node.retired ?? false))
      yield { about: node.retired ? 'category_retired' : 'category_restored', of, category: node }
    const asks = node.needs_identity ?? false
    if ((then.needs_identity ?? false) !== asks) yield { about: 'category_identity', of, category: node, after: asks }
    if (wasAt.get(node.code) !== isAt.get(node.code)) yield { about: 'category_moved', of, category: node }
  }
}

function* classChanges(before: PolicyDocument, after: PolicyDocument): Generator<PolicyChange> {
  for (const of of classes) {
    const [was, is] = [before.classes[of], after.classes[of]]
    for (const field of new Set([...was.required_fields, ...is.required_fields])) {
      const now = is.required_fields.includes(field)
      if (was.required_fields.includes(field) !== now) yield { about: 'required_field', class: of, field, after: now }
    }
    yield* categoryChanges(of, was.categories, is.categories)
  }
}

function* reasonChanges(before: PolicyDocument, after: PolicyDocument): Generator<PolicyChange> {
  yield* categoryChanges('rejection_reasons', before.rejection_reasons, after.rejection_reasons)
}

function* followUpChanges(before: PolicyDocument, after: PolicyDocument): Generator<PolicyChange> {
  const [was, is] = [before.follow_up, after.follow_up]
  for (const of of classes) {
    const now = is.classes.includes(of)
    if (was.classes.includes(of) !== now) yield { about: 'revisited_class', class: of, after: now }
  }
  if (was.after_dissatisfaction !== is.after_dissatisfaction)
    yield { about: 'after_dissatisfaction', after: is.after_dissatisfaction }
  for (const about of followUpNumbers)
    if (was[about] !== is[about]) yield { about, before: String(was[about]), after: String(is[about]) }
  if (was.attempt_interval !== is.attempt_interval)
    yield { about: 'attempt_interval', before: was.attempt_interval, after: is.attempt_interval }
  const questions = (rules: PolicyDocument['follow_up']) => rules.questions.map(({ text }) => text['zh-CN']).join(' / ')
  if (!same(was.questions, is.questions)) yield { about: 'questions', before: questions(was), after: questions(is) }
  yield* categoryChanges('identity_questions', before.identity_questions, after.identity_questions)
}

function* consentChanges(before: PolicyDocument, after: PolicyDocument): Generator<PolicyChange> {
  for (const language of languages)
    if (before.consent[language] !== after.consent[language])
      yield { about: 'consent', language, before: before.consent[language], after: after.consent[language] }
}

/** What is different in `after`, in the order of the page. */
export function changesOf(before: PolicyDocument, after: PolicyDocument): PolicyChange[] {
  return [
    limitChanges,
    ruleChanges,
    calendarChanges,
    classChanges,
    reasonChanges,
    followUpChanges,
    consentChanges,
  ].flatMap((part) => [...part(before, after)])
}

export const parts = ['limits', 'general', 'calendar', 'record', 'slips', 'follow_up', 'consent'] as const
export type Part = (typeof parts)[number]

/** The part of the page where a pointer's field is edited. */
export function partOf(pointer: string): Part {
  if (/^\/limits\b/.test(pointer)) return 'limits'
  if (/^\/(calendars|default_calendar)\b/.test(pointer)) return 'calendar'
  if (/^\/(classes|strict_categories)\b/.test(pointer)) return 'record'
  if (/^\/(strict_rejection|rejection)/.test(pointer)) return 'slips'
  if (/^\/(follow_up|identity_questions)\b/.test(pointer)) return 'follow_up'
  if (/^\/consent\b/.test(pointer)) return 'consent'
  return 'general'
}

export function partOfChange(change: PolicyChange): Part {
  const { about } = change
  if (about === 'switch') return partOf(`/${change.name}`)
  if (about === 'rejections_until_ruling' || ('of' in change && change.of === 'rejection_reasons')) return 'slips'
  const ofRevisits = ['attempt_interval', 'questions', 'revisited_class', 'after_dissatisfaction', ...followUpNumbers]
  if (ofRevisits.includes(about) || ('of' in change && change.of === 'identity_questions')) return 'follow_up'
  if (about === 'limit') return 'limits'
  if (about === 'consent') return 'consent'
  if (about.startsWith('calendar') || about === 'default_calendar') return 'calendar'
  return about.startsWith('category') || about === 'required_field' ? 'record' : 'general'
}
