import type { components } from '../../src/api/schema'

type S = components['schemas']

/** A small believable centre, the same on every run. Only for tests that the real server cannot easily provoke. */
export const now = Date.parse('2026-11-23T06:10:00Z')
export const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
const letters = '0123456789abcdefghjkmnpqrstvwxyz'
export function id(n: number): string {
  let text = ''
  for (let left = n; text.length < 13; left = Math.floor(left / 32)) text = (letters[left % 32] ?? '0') + text
  return text
}

export const me: S['Me'] = {
  id: id(11),
  login: 'agent1',
  name: '林雪',
  unit_id: id(1),
  unit_name: '客户服务部',
  roles: ['agent', 'supervisor'],
  permissions: [
    'ticket_read_all',
    'audit_read',
    'webhook_edit',
    'ticket_note',
    'policy_read',
    'policy_edit',
    'ticket_act',
    'ticket_respond',
    'unit_edit',
    'staff_edit',
    'staff_read',
    'customer_read',
    'customer_edit',
    'customer_reveal',
    'ticket_create',
    'figure_read',
    'article_read',
    'notice_read',
  ],
  one_time_until: null,
  disabled_at: null,
  language: 'zh-CN',
  unit_roles: [],
  merchant_id: null,
  csrf_token: 'c'.repeat(32),
  server_time: at(0),
  time_zone: 'Asia/Shanghai',
}

const people = [
  '刘洋',
  '郭大伟',
  '徐丽',
  '王小明',
  '何俊',
  '赵美玲',
  '黄志强',
  '李思雨',
  '陈国栋',
  '周婷',
  '孙浩然',
  '吴倩',
  '郑凯',
  '冯雅静',
  '韩磊',
  '曹敏',
]
const subjects: [string, S['TicketClass'], string][] = [
  ['停车场收费有误，要求退费', 'complaint', 'charges'],
  ['会员积分未到账', 'consultation', 'membership'],
  ['充电桩无法启动', 'repair', 'charging'],
  ['噪音扰民投诉', 'complaint', 'noise'],
  ['发票抬头开错', 'consultation', 'invoice'],
  ['客梯停运，老人无法上楼', 'repair', 'elevator'],
  ['希望延长夜间营业时间', 'suggestion', 'service_improvement'],
  ['商户拒绝退货', 'complaint', 'refund'],
  ['遗失蓝色书包', 'help', 'lost_property'],
  ['办理泊车卡', 'business', 'parking_card'],
]
const channels: S['Channel'][] = ['phone', 'web', 'wechat', 'email', 'counter', 'chat']

export function ticket(n: number, more: Partial<S['Ticket']> = {}): S['TicketSummary'] {
  const [subject, ticketClass, category] = subjects[n % subjects.length] ?? [
    '停车场收费有误，要求退费',
    'complaint',
    'charges',
  ]
  const due = -95 + n * 17
  const graded = n % 7 !== 3
  return {
    id: id(1000 + n),
    number: `20261123-${String(n + 1).padStart(6, '0')}`,
    version: 7,
    step: graded ? 'handling' : 'triage',
    channel: channels[n % channels.length] ?? 'phone',
    class: graded ? ticketClass : null,
    category: graded ? category : null,
    grade: graded ? ((['L2', 'L3', 'L3', 'L1', 'L3'] as const)[n % 5] ?? 'L3') : null,
    complexity: 'simple',
    emotion: n % 9 === 0 ? 'angry' : 'calm',
    in_scope: true,
    subject,
    content: '我上周六在 B2 停车场停了两个小时，扣了我 80 块钱，价目表上写的是每小时 8 元。',
    demand: '退还多收的费用',
    address: null,
    customer: {
      id: id(500 + (n % 16)),
      name: people[n % people.length] ?? '王小明',
      phone: '138****6621',
      email: null,
      account_no: null,
      address: '望江路 **',
    },
    owner: { id: me.id, name: me.name },
    lead_unit: { id: id(1), name: '客户服务部' },
    queue_unit_id: id(1),
    merchant_id: null,
    area_id: id(31),
    occurred_at: null,
    waiting_since: n % 11 === 5 ? at(-70) : null,
    waiting_reason: null,
    created_at: at(-180 + n),
    first_response_at: at(-175 + n),
    completed_at: null,
    archived_at: null,
    next_due: { obligation_id: id(7000 + n), kind: 'plan', due_at: at(due) },
    flags: [
      ...(due < 0 ? (['overdue'] as const) : []),
      ...(n % 9 === 0 ? (['angry'] as const) : []),
      ...(n % 11 === 5 ? (['waiting'] as const) : []),
    ],
    missing: n % 4 === 0 ? ['address'] : [],
    first_contact_resolution: false,
    slips: [],
    rejection_count: 0,
    waits_for_ruling: false,
    hand_over: null,
    identity: { needed: false, may_be_asked: true, verified: null },
    promises: [],
    solution: null,
    implementation: null,
    result: null,
    rating: null,
    rework: null,
    complaint: null,
    task_force: null,
    ...more,
  }
}

let seq = 0
const event = (
  minutes: number,
  type: S['EventType'],
  data: Record<string, unknown>,
  actor: string | null = '林雪',
): S['Event'] => ({
  seq: ++seq,
  at: at(minutes),
  actor: actor ? { id: me.id, name: actor } : null,
  type,
  data,
  hash: String(seq).padStart(64, '0'),
})
export const events: S['Event'][] = [
  event(
    -180,
    'ticket_received',
    {
      channel: 'phone',
      subject: '停车场收费有误，要求退费',
      content: '你好，我上周六在 B2 停车场停了两个小时，扣了我 80 块钱，价目表上写的是每小时 8 元。',
      demand: '退还多收的 64 元',
    },
    null,
  ),
  event(-180, 'obligation_opened', { id: id(7100), kind: 'respond', due_at: at(-150) }, null),
  event(-178, 'ownership_taken', { staff_id: me.id, cause: 'first_response' }),
  event(-178, 'responded', {
    content:
      '王先生您好，非常抱歉给您带来不便。我是林雪，这件事由我全程跟进。请问您的车牌号和当天的入场时间方便提供一下吗？',
  }),
  event(-175, 'customer_wrote', { content: '粤B·12345，大概下午两点进场，四点出来的。' }, null),
  event(-172, 'classified', {
    class: 'complaint',
    category: 'charges',
    grade: 'L2',
    complexity: 'simple',
    in_scope: true,
    emotion: 'anxious',
  }),
  event(-170, 'noted', {
    content: '已查停车系统，14:03 入场 16:11 出场，系统误识别为隔夜车。请停车部核实并走退费流程。',
  }),
  event(-150, 'promised', {
    no: 1,
    reason: '需停车管理部核对计费记录',
    procedure: '核对后由我回电说明',
    expected_at: at(-40),
  }),
  event(-90, 'progress_told', { content: '王先生，停车管理部已确认误识别，正在走退费审批，预计今天下午有结果。' }),
  event(-60, 'obligation_moved', { id: id(7001), due_at: at(17), cause: 'regraded' }, null),
  event(-45, 'promise_kept', { no: 1 }),
  event(-40, 'solution_proposed', {
    solution: '退还多收的 64 元并赠送 2 小时停车券',
    steps: '1. 财务原路退回；2. 短信发送停车券',
    expected_at: at(60 * 20),
  }),
  event(-30, 'agreement_recorded', { agreed: true, comment: '可以，尽快' }),
  event(-20, 'attachment_added', {
    attachment_id: id(91),
    filename: '停车小票.jpg',
    size_bytes: 284_113,
    media_type: 'image/jpeg',
  }),
  event(-12, 'customer_wrote', { content: '请问退款什么时候到账？' }, null),
]

const obligation = (
  n: number,
  kind: S['ObligationKind'],
  start: number,
  due: number,
  more: Partial<S['Obligation']> = {},
): S['Obligation'] => ({
  id: id(7000 + n),
  ticket_id: id(1000),
  ticket_number: '20261123-000001',
  subject_id: null,
  kind,
  debtor: { kind: 'staff', id: me.id, name: '林雪' },
  starts_at: at(start),
  due_at: at(due),
  calendar: 'office',
  policy_version: 3,
  warned_at: null,
  paused_since: null,
  met_at: null,
  breached_at: null,
  cancelled_at: null,
  cause: null,
  ...more,
})
export const obligations: S['Obligation'][] = [
  obligation(1, 'respond', -180, -150, { met_at: at(-178) }),
  obligation(2, 'triage', -178, -163, { met_at: at(-172) }),
  obligation(3, 'plan', -180, -60, { met_at: at(-40), breached_at: at(-60) }),
  obligation(4, 'keep_promise', -150, -40, { met_at: at(-45) }),
  obligation(5, 'resolve_or_answer', -180, 26),
  obligation(6, 'tell_progress', -90, 330),
  obligation(7, 'give_result', -30, 1200),
]
export const tenures: S['Tenure'][] = [
  { staff_id: id(12), name: '陈晓雯', from: at(-178), to: at(-120), cause: 'first_response' },
  { staff_id: me.id, name: '林雪', from: at(-120), to: null, cause: 'hand_over' },
]
export const explanation: S['Explanation'] = {
  obligation: obligation(7, 'give_result', -30, 1200),
  calendar: { id: 'office', name: '行政班（周一至周五）', time_zone: 'Asia/Shanghai' },
  limit: 'P1WD',
  spans: [
    { from: at(-30), to: at(230), counted: true, reason: 'working', label: '工作时间' },
    { from: at(230), to: at(1130), counted: false, reason: 'closed', label: '非工作时间' },
    { from: at(1130), to: at(1200), counted: true, reason: 'working', label: '工作时间' },
  ],
  warnings: ['2027 年的节假日安排尚未导入。'],
}
export const scripts: S['Script'][] = [
  ['停车退费', '{{customer.name}}您好，您的停车费差额 {{refund.amount}} 元将在 3 个工作日内原路退回。', '停车退费'],
  ['道歉', '非常抱歉给您带来不便，我们会尽快为您处理。', '道歉'],
  ['转接', '正在为您转接相关部门，请稍候。', '转接'],
  ['安抚', '{{customer.name}}，我非常理解您的心情，这件事由我负责到底。', '安抚'],
].map(([title, body, shortcut], n) => ({
  id: id(300 + n),
  title: title ?? '',
  body: body ?? '',
  shortcut: shortcut ?? null,
  step: null,
  channel: null,
  emotion: null,
  version: 1,
  state: 'in_use',
  disabled_at: null,
  updated_at: at(-9000),
  updated_by: { id: id(1), name: '林雪' },
}))
export const articles: S['ArticleSummary'][] = ['停车费差额退款流程', '隔夜车误判处理口径', '发票重开办理指引'].map(
  (title, n) => ({
    id: id(200 + n),
    title,
    class: 'complaint',
    category: 'charges',
    version: 4,
    updated_at: at(-9000),
    state: 'in_use',
    disabled_at: null,
  }),
)
export const notices: S['Notice'][] = [
  {
    id: id(61),
    kind: 'breached',
    ticket_id: id(1000),
    ticket_number: '20261123-000001',
    obligation_kind: 'plan',
    due_at: at(-60),
    refusal: null,
    missing: [],
    webhook: null,
    improvement_id: null,
    improvement_title: null,
    at: at(-60),
    read_at: null,
  },
  {
    id: id(62),
    kind: 'warned',
    ticket_id: id(1005),
    ticket_number: '20261123-000006',
    obligation_kind: 'resolve_or_answer',
    due_at: at(26),
    refusal: null,
    missing: [],
    webhook: null,
    improvement_id: null,
    improvement_title: null,
    at: at(-10),
    read_at: null,
  },
  {
    id: id(63),
    kind: 'rated_low',
    ticket_id: id(1007),
    ticket_number: '20261123-000008',
    obligation_kind: null,
    due_at: null,
    refusal: null,
    missing: [],
    webhook: null,
    improvement_id: null,
    improvement_title: null,
    at: at(-300),
    read_at: at(-200),
  },
]
export const commands: S['CommandName'][] = [
  'reply',
  'note',
  'regrade',
  'promise',
  'tell_progress',
  'finish_implementation',
  'wait_for_customer',
  'escalate',
  'cancel',
]
const plain = { calendar: null, head_id: null, time_zone: null }
export const units: S['Unit'][] = [
  { id: id(1), kind: 'department', name: '客户服务部', parent_id: null, ...plain },
  { id: id(2), kind: 'department', name: '技术部', parent_id: null, ...plain },
  { id: id(3), kind: 'team', name: '停车管理组', parent_id: id(2), ...plain },
  { id: id(4), kind: 'merchant', name: '云上优品旗舰店', parent_id: null, ...plain },
]
export const staff: S['Staff'][] = [
  ['agent1', '林雪', 'agent', 1],
  ['agent2', '陈晓雯', 'agent', 1],
  ['tech1', '何俊', 'handler', 2],
  ['supervisor1', '周敏', 'supervisor', 1],
  ['merchant1_agent', '许静', 'merchant_agent', 4],
].map(([login, name, role, unit], n) => ({
  id: id(11 + n),
  login: String(login),
  name: String(name),
  unit_id: id(Number(unit)),
  roles: [String(role)],
  permissions: [],
  language: 'zh-CN',
  unit_roles: [],
  one_time_until: null,
  disabled_at: n === 4 ? at(-99) : null,
}))
export const figures: S['TimelinessFigure'][] = [
  ['respond', '首次响应', 412, 18, 6, 1],
  ['triage', '识别定级', 398, 9, 3, 0],
  ['plan', '给出方案', 121, 22, 14, 5],
  ['resolve_or_answer', '解决或答复', 233, 31, 40, 7],
  ['tell_progress', '告知进展', 187, 12, 9, 0],
  ['give_result', '反馈结果', 301, 4, 11, 0],
].map(([key, name, kept, late, open, openLate]) => ({
  key: String(key),
  name: String(name),
  kept: Number(kept),
  kept_late: Number(late),
  open: Number(open),
  open_late: Number(openLate),
  cancelled: 0,
}))
const grades = (L1: string, L2 = L1, L3 = L1) => ({ L1, L2, L3 })
const office = [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '18:00' },
]
const rules = (...categories: [string, string][]): S['ClassRules'] => ({
  categories: categories.map(([code, name]) => ({ code, name: { 'zh-CN': name, 'zh-TW': name, en: code } })),
  required_fields: ['name', 'contact'],
})
export const policy: S['Policy'] = {
  version: 3,
  created_at: at(-20_000),
  author: { id: id(14), name: '周敏' },
  document: {
    limits: {
      respond: grades('PT1M', 'PT30M', 'PT2H'),
      triage: grades('PT15M'),
      start_handling: grades('PT15M'),
      plan: grades('PT2H'),
      resolve_or_answer: grades('PT24H'),
      tell_progress: grades('PT15M', 'PT24H', 'PT24H'),
      acknowledge_slip: grades('PT5M', 'PT30M', 'PT2H/W'),
      appoint_and_contact: grades('P1WD'),
      slip_plan: grades('PT30M', 'PT2H', 'P1WD'),
      slip_complete: grades('PT4H', 'P1WD', 'P3WD'),
      confirm_slip: grades('PT1H', 'PT4H', 'P1WD'),
      route_again: grades('PT5M', 'PT15M', 'PT1H/W'),
      rule_on_slip: grades('PT5M', 'PT15M', 'PT1H/W'),
      explain_plan: grades('PT30M'),
      answer_hand_over: grades('PT5M', 'PT15M', 'PT15M'),
      give_result: grades('P1WD'),
      close_out: grades('P3WD'),
      follow_up: grades('P3WD'),
    },
    warnings_percent: [50, 80],
    chain_interval: 'PT30M',
    paused_while_waiting: ['start_handling', 'plan', 'resolve_or_answer', 'give_result'],
    dissatisfied_up_to: 2,
    archive_when_unanswered: true,
    confirm_filing_above: 200,
    raise_angry_complaints: true,
    strict_categories: false,
    rejection_reasons: [
      { code: 'not_our_matter', name: { 'zh-CN': '不属于本部门职责', 'zh-TW': '不屬於本部門職責', en: 'Not ours' } },
    ],
    strict_rejection_reasons: false,
    rejections_until_ruling: 2,
    follow_up: {
      classes: ['complaint'],
      after_dissatisfaction: true,
      share_percent: 10,
      attempts_max: 3,
      attempt_interval: 'PT4H',
      questions: [],
    },
    identity_questions: [],
    default_calendar: 'office',
    calendars: [
      {
        id: 'office',
        name: '行政班（周一至周五）',
        time_zone: 'Asia/Shanghai',
        kind: 'working',
        uses_public_holidays: true,
        make_up_weekday: 'monday',
        week: {
          monday: office,
          tuesday: office,
          wednesday: office,
          thursday: office,
          friday: office,
          saturday: [],
          sunday: [],
        },
      },
    ],
    classes: {
      consultation: rules(['membership', '会员与积分'], ['invoice', '发票']),
      suggestion: rules(),
      complaint: rules(['charges', '收费争议'], ['noise', '噪音扰民'], ['refund', '退换货']),
      help: rules(),
      repair: rules(['elevator', '电梯'], ['charging', '充电桩']),
      business: rules(),
    },
    consent: {
      'zh-CN': '为处理您的诉求，我们会记录您的姓名和联系方式。',
      'zh-TW': '為處理您的訴求。',
      en: 'To handle your request.',
    },
  },
}

export const form: S['PublicForm'] = {
  classes: ['consultation', 'suggestion', 'complaint', 'help', 'repair', 'business'],
  categories: [
    { class: 'complaint', code: 'charges', name: '收费争议' },
    { class: 'complaint', code: 'noise', name: '噪音扰民' },
    { class: 'complaint', code: 'refund', name: '退换货' },
    { class: 'repair', code: 'elevator', name: '电梯' },
    { class: 'repair', code: 'charging', name: '充电桩' },
    { class: 'consultation', code: 'membership', name: '会员与积分' },
    { class: 'consultation', code: 'invoice', name: '发票' },
  ],
  areas: [],
  merchants: [{ id: id(4), name: '云上优品旗舰店' }],
  consent: '',
  answer_within: 'PT2H',
  dissatisfied_up_to: 2,
  hours: {
    time_zone: 'Asia/Shanghai',
    week: { monday: [], tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [], sunday: [] },
  },
}
export const audit: S['AuditRecord'][] = ['signed_in', 'customer_revealed', 'staff_changed'].map((action, n) => ({
  id: id(900 + n),
  at: at(-n),
  actor: { id: me.id, name: me.name },
  action,
  subject_kind: n === 1 ? 'customer' : 'staff',
  subject_id: id(500 + n),
  subject_name: n === 1 ? null : me.name,
  data: n === 1 ? { field: 'phone', reason: '回电' } : { address: '127.0.0.1' },
  hash: 'a'.repeat(64),
}))

const ownLimits = { L1: null, L2: null, L3: null }
const matrixRow = (n: number, more: Partial<S['MatrixRow']>): S['MatrixRow'] => ({
  id: id(700 + n),
  version: 1,
  class: null,
  category: null,
  area: null,
  merchant: null,
  lead_unit: { id: id(10), name: '综合协调部' },
  lead_staff: null,
  cooperating: [],
  teller_unit: null,
  slip_plan: ownLimits,
  slip_complete: ownLimits,
  comment: null,
  updated_at: at(-3000),
  author: null,
  retired_at: null,
  faults: [],
  ...more,
})
const closed: S['MatrixFault'] = {
  code: 'unit_closed',
  part: 'lead_unit',
  unit: { id: id(11), name: '维修外包组' },
  staff: null,
}
export const matrix: S['Matrix'] = {
  version: 3,
  rows_max: 2000,
  items: [
    matrixRow(1, { class: 'repair', lead_unit: { id: id(11), name: '维修外包组' }, faults: [closed] }),
    matrixRow(2, { comment: '其他问题由综合协调部牵头' }),
  ],
  next_cursor: null,
}
export const proposal: S['Proposal'] = {
  matter: { class: 'repair', category: null, area: null, merchant: null, grade: null },
  row_id: id(702),
  lead_unit: { id: id(10), name: '综合协调部' },
  lead_staff: null,
  cooperating: [],
  teller_unit: null,
  slip_plan: null,
  slip_complete: null,
  comment: null,
  candidates: [
    {
      row_id: id(701),
      outcome: 'faulty',
      matched: [{ field: 'class', fit: 'same' }],
      lead_unit: { id: id(11), name: '维修外包组' },
      faults: [closed],
    },
    { row_id: id(702), outcome: 'proposed', matched: [], lead_unit: { id: id(10), name: '综合协调部' }, faults: [] },
  ],
}
const webhook = (n: number, name: string, more: Partial<S['Webhook']>): S['Webhook'] => ({
  id: id(7000 + n),
  version: 1,
  name,
  url: `https://hooks.example.com/${n}`,
  kinds: ['ticket.received', 'ticket.archived', 'obligation.breached'],
  created_at: at(-90_000),
  disabled_at: null,
  disabled_reason: null,
  last_success_at: at(-4),
  failing_since: null,
  old_secret_until: null,
  pending_count: 0,
  dead_count: 0,
  ...more,
})
export const webhooks = [
  webhook(1, '客户关系系统', {}),
  webhook(2, '数据仓库', { failing_since: at(-3000), pending_count: 46, dead_count: 3, last_success_at: at(-3100) }),
  webhook(3, '旧短信平台', { disabled_at: at(-9000), disabled_reason: 'gone' }),
  webhook(4, '集团大屏', { last_success_at: null }),
]
export const webhookKinds = [
  'ticket.received',
  'ticket.ownership_taken',
  'ticket.responded',
  'ticket.archived',
  'obligation.opened',
  'obligation.warned',
  'obligation.breached',
]

const delivery = (n: number, more: Partial<S['WebhookDelivery']>): S['WebhookDelivery'] => ({
  id: id(7100 + n),
  kind: 'ticket.received',
  ticket_id: id(1000),
  state: 'sent',
  created_at: at(-n),
  next_at: null,
  sent_at: at(-n),
  dead_at: null,
  attempts_count: 1,
  last_error: null,
  last_at: at(-n),
  status: 200,
  fault: null,
  took_ms: 84,
  ...more,
})
export const deliveries = [
  delivery(1, {}),
  delivery(5, {
    state: 'pending',
    next_at: at(30),
    sent_at: null,
    attempts_count: 3,
    last_error: 'HTTP 503',
    status: 503,
  }),
  delivery(60, {
    kind: 'obligation.breached',
    state: 'dead',
    sent_at: null,
    dead_at: at(-9),
    attempts_count: 8,
    status: null,
    fault: 'timed_out',
  }),
]
export const deliveryInFull: S['WebhookDeliveryInFull'] = {
  ...delivery(5, {}),
  webhook_id: 'msg_03f8qkxm2w7vd_19b8bb1e2c0',
  body: `{"type":"ticket.received","timestamp":"${at(-5)}","data":{"ticket_id":"${id(1000)}","number":"20261123-000001","version":1,"obligation_id":null,"due_at":null}}`,
  attempts: [
    {
      attempt: 1,
      at: at(-5),
      took_ms: 15_000,
      status: null,
      verdict: 'failed',
      fault: 'timed_out',
      detail: 'Timeout was reached',
      answer: null,
    },
    {
      attempt: 2,
      at: at(-4),
      took_ms: 120,
      status: 503,
      verdict: 'failed',
      fault: null,
      detail: null,
      answer: '<h1>Service Unavailable</h1>',
    },
  ],
}
export const deadLetters: S['DeadLetter'][] = [1, 2, 3].map((n) => ({
  id: id(7200 + n),
  channel: 'webhook',
  target_name: '数据仓库',
  kind: 'ticket.received',
  ticket_id: id(1000 + n),
  created_at: at(-2000 * n),
  dead_at: at(-200 * n),
  attempts_count: 8,
  last_error: n === 2 ? 'timed_out: Timeout was reached' : 'HTTP 503',
}))
