import { describe, expect, it } from 'vitest'
import type { CategoryNode, PolicyDocument } from '@/api'
import { changesOf, partOf } from './policy_changes'
import { copyOf } from './policy_form'

const same = (limit: string) => ({ L1: limit, L2: limit, L3: limit })
const node = (code: string, children: CategoryNode[] = []): CategoryNode => ({
  code,
  name: { 'zh-CN': code, 'zh-TW': code, en: code },
  retired: false,
  children,
})
const rules = (...categories: CategoryNode[]) => ({ categories, required_fields: ['name'] as 'name'[] })
const document: PolicyDocument = {
  limits: {
    respond: same('PT1M'),
    triage: same('PT15M'),
    start_handling: same('PT15M'),
    plan: same('PT2H'),
    resolve_or_answer: same('PT24H'),
    tell_progress: same('PT24H'),
    acknowledge_slip: same('PT1H'),
    appoint_and_contact: same('PT1H'),
    slip_plan: same('PT1H'),
    slip_complete: same('PT1H'),
    confirm_slip: same('PT1H'),
    route_again: same('PT1H'),
    rule_on_slip: same('PT1H'),
    explain_plan: same('PT1H'),
    answer_hand_over: same('PT1H'),
    give_result: same('P1WD'),
    close_out: same('P3WD'),
    follow_up: same('P3WD'),
  },
  warnings_percent: [50, 80],
  chain_interval: 'PT30M',
  paused_while_waiting: ['plan'],
  dissatisfied_up_to: 2,
  archive_when_unanswered: true,
  confirm_filing_above: 200,
  raise_angry_complaints: true,
  strict_categories: false,
  rejection_reasons: [node('not_ours')],
  strict_rejection_reasons: false,
  rejections_until_ruling: 2,
  follow_up: {
    classes: ['complaint'],
    after_dissatisfaction: true,
    share_percent: 10,
    attempts_max: 3,
    attempt_interval: 'PT4H',
    questions: [{ code: 'attitude', text: { 'zh-CN': '态度', 'zh-TW': '態度', en: 'Manner' }, kind: 'score' }],
  },
  identity_questions: [node('phone_tail')],
  default_calendar: 'office',
  calendars: [
    { id: 'office', name: 'Office', time_zone: 'Asia/Shanghai', week: { monday: [{ from: '09:00', to: '18:00' }] } },
  ],
  classes: {
    consultation: rules(node('a'), node('b'), node('c', [node('c1')])),
    suggestion: rules(),
    complaint: rules(),
    help: rules(),
    repair: rules(),
    business: rules(),
  },
  consent: { 'zh-CN': '1', 'zh-TW': '2', en: '3' },
}
const after = (edit: (copy: PolicyDocument) => void) => {
  const copy = copyOf(document)
  edit(copy)
  return changesOf(document, copy)
}

describe('what changed between two versions', () => {
  it('is nothing between equals', () => expect(changesOf(document, copyOf(document))).toEqual([]))

  it.each<[string, (copy: PolicyDocument) => void, object[]]>([
    [
      'a limit',
      (d) => (d.limits.plan.L2 = 'PT1H'),
      [{ about: 'limit', kind: 'plan', grade: 'L2', before: 'PT2H', after: 'PT1H' }],
    ],
    ['warnings', (d) => (d.warnings_percent = [60]), [{ about: 'warnings_percent', before: '50%, 80%', after: '60%' }]],
    [
      'what pauses',
      (d) => (d.paused_while_waiting = ['give_result']),
      [
        { about: 'paused', kind: 'plan', after: false },
        { about: 'paused', kind: 'give_result', after: true },
      ],
    ],
    ['a switch', (d) => (d.strict_categories = true), [{ about: 'switch', name: 'strict_categories', after: true }]],
    [
      'hours',
      (d) => d.calendars.forEach((calendar) => (calendar.week.monday = [])),
      [{ about: 'calendar_day', calendar: 'Office', day: 'monday', before: '09:00-18:00', after: '' }],
    ],
    [
      'a required field',
      (d) => d.classes.help.required_fields.push('contact'),
      [{ about: 'required_field', class: 'help', field: 'contact', after: true }],
    ],
    [
      'when a supervisor rules',
      (d) => (d.rejections_until_ruling = 3),
      [{ about: 'rejections_until_ruling', before: '2', after: '3' }],
    ],
    [
      'a reason for a rejection',
      (d) => d.rejection_reasons.forEach((reason) => (reason.retired = true)),
      [{ about: 'category_retired', of: 'rejection_reasons', category: { ...node('not_ours'), retired: true } }],
    ],
    ['consent', (d) => (d.consent.en = '4'), [{ about: 'consent', language: 'en', before: '3', after: '4' }]],
  ])('%s', (_name, edit, changes) => expect(after(edit)).toEqual(changes))

  const categories = (edit: (tree: CategoryNode[]) => unknown) =>
    after((copy) => edit(copy.classes.consultation.categories)).map(
      (change) => `${change.about} ${'category' in change ? change.category.code : ''}`,
    )
  it.each<[string, (tree: CategoryNode[]) => unknown, string[]]>([
    ['added', (tree) => tree.splice(1, 0, node('x')), ['category_added x']],
    ['removed', (tree) => tree.splice(1, 1), ['category_removed b']],
    ['renamed', ([first]) => first && (first.name.en = 'A'), ['category_renamed a']],
    ['retired', ([, , third]) => third && (third.retired = true), ['category_retired c']],
    ['put elsewhere', (tree) => tree.push(...(tree[2]?.children?.splice(0) ?? [])), ['category_moved c1']],
  ])('a category %s', (_name, edit, changes) => expect(categories(edit)).toEqual(changes))

  it('tells that two categories changed places', () =>
    expect(categories((tree) => tree.unshift(...tree.splice(1, 1)))).toContain('category_moved b'))
})

it.each([
  ['/limits/plan/L2', 'limits'],
  ['/chain_interval', 'general'],
  ['/calendars/0/week/monday/0/from', 'calendar'],
  ['/default_calendar', 'calendar'],
  ['/classes/help/categories/0/name/en', 'record'],
  ['/strict_categories', 'record'],
  ['/rejections_until_ruling', 'slips'],
  ['/strict_rejection_reasons', 'slips'],
  ['/rejection_reasons/0/name/en', 'slips'],
  ['/consent/en', 'consent'],
])('%s is edited in %s', (pointer, part) => expect(partOf(pointer)).toBe(part))
