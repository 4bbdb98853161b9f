import { expect, test, type Page } from '@playwright/test'
import type { components } from '../../src/api/schema'
import { expectAccessible } from '../accessible'
import { choose, textsOf } from '../desk'
import { mockCentre } from './centre'
import { at, id, me, ticket } from './data'

type S = components['schemas']
const t = textsOf('zh-CN')
const ticketId = id(1000)

const slip = (no: number, more: Partial<S['Slip']> = {}): S['Slip'] => ({
  id: `${ticketId}-${no}`,
  number: `20261123-000100-${no}`,
  ticket_id: ticketId,
  unit_id: id(2),
  unit_name: '技术部',
  lead: no === 1,
  ruled: false,
  state: 'issued',
  handler: null,
  problem: '客梯停运',
  demand: '恢复运行',
  due_at: at(300),
  issued_at: at(-10),
  acknowledged_at: null,
  contacted_at: null,
  solution: null,
  expected_at: null,
  summary: null,
  result: null,
  completed_at: null,
  ended_at: null,
  reason: null,
  returned_count: 0,
  extension: null,
  ...more,
})
const row = (of: S['Slip'], minutes: number, version = 7): S['SlipInInbox'] => ({
  ...of,
  subject: `电梯停运 ${of.number.slice(-1)}`,
  grade: 'L2',
  next_due_at: at(minutes),
  ticket_version: version,
})

async function unitAtWork(page: Page, allowed: S['SlipCommandName'][] = ['acknowledge', 'reject']) {
  await page.setViewportSize({ width: 390, height: 844 })
  await choose(page, 'zh-CN')
  const centre = await mockCentre(page, { tickets: 3 })
  const state = { version: 7, slips: [slip(1)], rows: [row(slip(1), 20)], allowed }
  centre.on('GET', /^\/staff\/me$/, () => ({
    body: {
      ...me,
      permissions: ['ticket_read_unit', 'ticket_act', 'ticket_note', 'slip_act', 'policy_read', 'staff_read'],
    },
  }))
  centre.on('GET', /^\/slips$/, () => ({ body: { items: state.rows, next_cursor: null } }))
  const body = () => ({
    ...ticket(0, { id: ticketId }),
    version: state.version,
    slips: state.slips,
    commands: ['note'],
    slip_commands: state.slips.map((each) => ({ slip_id: each.id, commands: state.allowed })),
  })
  centre.on('GET', /^\/tickets\/([0-9a-z]{13})$/, () => ({ body: body() }))
  return { ...centre, unit: state, body }
}

test('the inbox puts what is late first, then what is near, then what is to do', async ({ page }) => {
  const { unit } = await unitAtWork(page)
  const signed = { acknowledged_at: at(-5), state: 'in_progress', handler: { id: id(11), name: '周强' } } as const
  unit.rows = [
    row(slip(4, signed), 500),
    row(slip(3, { ...signed, handler: null }), 400),
    row(slip(2), 30),
    row(slip(1, { ...signed, contacted_at: at(-4) }), -15),
    row(slip(5, { ...signed, state: 'completed', completed_at: at(-1) }), -99),
  ]
  await page.goto('/slips')
  const headings = page.getByRole('region', { name: t('slip.inbox.list') }).getByRole('heading', { level: 2 })
  await expect(headings).toHaveText(
    ['late', 'soon', 'appoint', 'contact', 'confirm'].map((one) => new RegExp(t(`slip.section.${one}`))),
  )
  await page.screenshot({ path: 'test-results/slip-sections.png' })
  await expectAccessible(page, 'inbox with all sections')
  await page.getByRole('button', { name: new RegExp(`^${t('slip.filter.sign')}`) }).click()
  await expect(page.getByRole('article')).toHaveText(/电梯停运 2/)
})

test('an inbox that cannot be read says so, and later shows the last it knew', async ({ page }) => {
  const { on, problem, unit } = await unitAtWork(page)
  let down = true
  on('GET', /^\/slips$/, () =>
    down ? problem(500, 'internal', '服务器出错，请稍后重试。') : { body: { items: unit.rows, next_cursor: null } },
  )
  await page.goto('/slips')
  await expect(page.getByRole('alert')).toContainText('服务器出错')
  await page.screenshot({ path: 'test-results/slip-error.png' })
  down = false
  await page.getByRole('button', { name: t('shared.act.retry') }).click()
  await expect(page.getByRole('article')).toHaveCount(1)
  down = true
  await page.getByRole('button', { name: t('slip.inbox.refresh') }).click()
  await expect(page.getByRole('status').filter({ hasText: /\d/ })).toContainText(
    t('slip.inbox.stale').replace('{at} ', ''),
  )
  await expect(page.getByRole('article')).toHaveCount(1)
})

test('at a stale version the words stay, what changed is shown, and the person decides', async ({ page }) => {
  const { on, unit, body, state } = await unitAtWork(page, ['progress'])
  unit.slips = [slip(1, { state: 'in_progress', acknowledged_at: at(-5), handler: { id: id(11), name: '周强' } })]
  on('POST', /^\/slips\/[\w-]+\/commands\/progress$/, ({ headers }) => {
    if (headers['if-match'] !== `"${unit.version}"`)
      return { status: 412, body: { type: 'about:blank', title: '版本已变', status: 412, detail: '', code: 'stale' } }
    return { body: body() }
  })
  await page.goto(`/slips/${ticketId}-1`)
  await page.getByRole('button', { name: t('ticket.slip_command.progress') }).click()
  const sheet = page.getByRole('dialog')
  const words = sheet.getByLabel(t('ticket.field.progress'))
  await words.fill('备件已领，下午上门')
  // Meanwhile a colleague writes, and the stream is silent.
  unit.version = 8
  const last = state.events.at(-1)
  if (last) state.events.push({ ...last, seq: last.seq + 1, type: 'noted', data: { content: '请带梯子' } })
  await sheet.getByRole('button', { name: t('ticket.slip_command.progress') }).click()
  await expect(sheet.getByRole('alert')).toContainText('请带梯子')
  await expect(words).toHaveValue('备件已领，下午上门')
  await sheet.getByRole('button', { name: t('ticket.form.send_again') }).click()
  await expect(sheet).toBeHidden()
})

test('one tap signs, and a refusal of it is shown where the tap was', async ({ page }) => {
  const { on, unit, problem, body, state } = await unitAtWork(page)
  let refuse = true
  on('POST', /^\/slips\/[\w-]+\/commands\/acknowledge$/, () => {
    if (refuse) return problem(409, 'slip_not_issued', '转办单已被签收。')
    unit.version = 8
    unit.slips = [slip(1, { state: 'acknowledged', acknowledged_at: at(0) })]
    unit.rows = unit.slips.map((each) => row(each, 300, 8))
    return { body: body() }
  })
  await page.goto('/slips')
  const sign = page.getByRole('article').getByRole('button', { name: t('ticket.slip_command.acknowledge') })
  await sign.click()
  await expect(page.getByRole('alert')).toContainText('转办单已被签收。')
  refuse = false
  await sign.click()
  await expect(page.getByRole('button', { name: t('ticket.slip_command.appoint_handler') })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
  const sent = state.requests.filter(({ path }) => path.endsWith('/acknowledge'))
  expect(sent.map(({ path, headers }) => [path, headers['if-match']])).toEqual([
    [`/slips/${ticketId}-1/commands/acknowledge`, '"7"'],
    [`/slips/${ticketId}-1/commands/acknowledge`, '"7"'],
  ])
})

test('what the row offered and the server does not, opens the slip instead of a form that leads nowhere', async ({
  page,
}) => {
  const { state } = await unitAtWork(page, [])
  await page.goto('/slips')
  await page
    .getByRole('article')
    .getByRole('button', { name: t('ticket.slip_command.acknowledge') })
    .click()
  await expect(page).toHaveURL(new RegExp(`/slips/${ticketId}-1$`))
  await expect(page.getByRole('button', { name: t('ticket.slip_command.acknowledge') })).toHaveCount(0)
  expect(state.requests.filter(({ method }) => method === 'POST')).toEqual([])
})

test('a remark of the server about one part of a transfer stands at that part', async ({ page }) => {
  const { on } = await mockCentre(page, { tickets: 3 })
  await choose(page, 'zh-CN')
  on('GET', /^\/tickets\/([0-9a-z]{13})$/, () => ({
    body: { ...ticket(0), commands: ['transfer'], slip_commands: [] },
  }))
  on('POST', /\/commands\/transfer$/, () => ({
    status: 422,
    body: {
      type: 'about:blank',
      title: '字段有误',
      status: 422,
      detail: '请改正标出的字段。',
      code: 'invalid',
      errors: [{ pointer: '/slips/1/unit_id', code: 'unit_unknown', detail: '这个单位不承办该事项。' }],
    },
  }))
  await page.goto('/work')
  await page.getByRole('log').waitFor()
  await page.keyboard.press('t')
  const dialog = page.getByRole('dialog')
  const units = dialog.getByLabel(new RegExp(`^${t('ticket.field.unit_id')}`))
  await dialog.getByRole('button', { name: t('ticket.slip.add_part') }).click()
  await units.nth(0).selectOption({ label: '技术部' })
  await units.nth(1).selectOption({ label: '云上优品旗舰店' })
  for (const name of ['problem', 'demand'])
    for (const part of [0, 1])
      await dialog
        .getByLabel(new RegExp(`^${t(`ticket.field.${name}`)}`))
        .nth(part)
        .fill('内容')
  await dialog.getByLabel(t('ticket.field.told_customer')).fill('已转办')
  await page.keyboard.press('Control+Enter')
  await expect(dialog.getByText('这个单位不承办该事项。')).toBeVisible()
  await expect(units.nth(1)).toBeFocused()
  await expect(units.nth(0)).not.toHaveAttribute('aria-invalid', 'true')
  await expect(dialog.getByLabel(t('ticket.field.told_customer'))).toHaveValue('已转办')
})
