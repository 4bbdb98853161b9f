import { expect, test } from '@playwright/test'
import { choose, textsOf } from '../desk'
import { mockCentre } from './centre'
import { id, me, now, ticket } from './data'

const t = textsOf('zh-CN')

test.beforeEach(async ({ page }) => {
  await page.clock.install({ time: now })
  await choose(page, 'zh-CN')
})

test('10,000 rows scroll at the cost of the few in sight', async ({ page }) => {
  test.setTimeout(150_000)
  await mockCentre(page, { tickets: 10_000 })
  await page.clock.resume()
  await page.goto('/work')
  const list = page.getByRole('listbox', { name: t('workbench.view.mine') })
  await list.waitFor()
  // Read all pages first: what is measured is scrolling, not the network.
  await expect(async () => {
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight))
    await expect(page.getByRole('option').last()).toHaveAttribute('aria-posinset', '10000', { timeout: 120 })
  }).toPass({ timeout: 100_000, intervals: [20] })
  // What the page itself costs; painting by software on a shared machine says nothing about it.
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  const costs = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0
    return (of('ScriptDuration') + of('LayoutDuration') + of('RecalcStyleDuration')) * 1000
  }
  const before = await costs()
  const { frames, nodes } = await list.evaluate(async (element) => {
    let frames = 0
    for (let top = element.scrollHeight; top > 0; top -= 3000) {
      element.scrollTop = top
      await new Promise((done) => requestAnimationFrame(done))
      frames++
    }
    return { frames, nodes: element.querySelectorAll('*').length }
  })
  expect(frames).toBeGreaterThan(250)
  expect(nodes).toBeLessThan(700)
  // Every frame jumps over 30 rows, on a machine that may be busy with other things.
  expect(((await costs()) - before) / frames).toBeLessThan(40)
})

test('a refusal stands beside the composer and costs nothing that was typed', async ({ page }) => {
  const { on, problem } = await mockCentre(page)
  on('POST', /\/commands\/reply$/, () => problem(409, 'already_answered', '已由陈晓雯答复。'))
  await page.goto('/work')
  const box = page.getByRole('textbox', { name: t('ticket.composer.reply') })
  await box.fill('您好，我来处理')
  await box.press('Control+Enter')
  await expect(page.getByRole('alert')).toContainText('已由陈晓雯答复。')
  await expect(box).toHaveValue('您好，我来处理')
})

test('a lost answer is asked for again under the same key', async ({ page }) => {
  const { on, state } = await mockCentre(page)
  let lost = true
  on('POST', /\/commands\/reply$/, () =>
    lost ? 'lost' : { body: { ...ticket(0), version: 9, commands: ['reply', 'note'] } },
  )
  await page.goto('/work')
  const box = page.getByRole('textbox', { name: t('ticket.composer.reply') })
  await box.fill('您好')
  await box.press('Control+Enter')
  await expect(page.getByRole('alert')).toContainText(t('app.transport.offline.title'))
  // The strip that tells of it takes its room from the conversation, not from the field and its button.
  await expect(page.getByText(t('app.shell.offline'))).toBeVisible()
  await expect(page.getByRole('button', { name: t('ticket.composer.send') })).toBeInViewport({ ratio: 1 })
  lost = false
  await box.press('Control+Enter')
  await expect(box).toHaveValue('')
  const sent = state.requests.filter(({ path }) => path.endsWith('/commands/reply'))
  expect(sent).toHaveLength(2)
  expect(sent[0]?.headers['idempotency-key']).toBe(sent[1]?.headers['idempotency-key'])
  expect(sent[0]?.headers['if-match']).toBe('"7"')
  expect(sent[0]?.headers['x-csrf-token']).toBe(me.csrf_token)
})

test('the session ends while somebody types: sign-in on top, the words stay', async ({ page }) => {
  const { on, problem, state } = await mockCentre(page)
  on('POST', /\/commands\/reply$/, () =>
    state.signedIn
      ? { body: { ...ticket(0), version: 8, commands: ['reply'] } }
      : problem(401, 'not_signed_in', '请先登录。'),
  )
  await page.goto('/work')
  const box = page.getByRole('textbox', { name: t('ticket.composer.reply') })
  await box.fill('正在为您查询')
  state.signedIn = false
  await box.press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: t('session.expired.title') })
  await dialog.getByLabel(t('session.sign_in.password')).fill('wrong')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toContainText('账号或密码不对。')
  await dialog.getByLabel(t('session.sign_in.password')).fill('correct')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(box).toHaveValue('正在为您查询')
  await box.press('Control+Enter')
  await expect(box).toHaveValue('')
})

test('a field that the server refuses says so at the field', async ({ page }) => {
  const { on } = await mockCentre(page)
  on('POST', /\/commands\/promise$/, () => ({
    status: 422,
    body: {
      type: 'about:blank',
      title: '字段有误',
      status: 422,
      detail: '请改正标出的字段。',
      code: 'invalid',
      errors: [{ pointer: '/expected_at', code: 'in_the_past', detail: '承诺时间已过。' }],
    },
  }))
  await page.goto('/work')
  await page.getByRole('log').waitFor()
  await page.keyboard.press('p')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t('ticket.field.reason')).fill('等配件')
  await page.keyboard.press('Control+Enter')
  await expect(dialog.getByLabel(t('ticket.field.procedure'))).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel(t('ticket.field.procedure')).fill('到货后上门')
  await dialog.getByRole('button', { name: t('shared.moment.two_hours') }).click()
  await page.keyboard.press('Control+Enter')
  await expect(dialog.getByText('承诺时间已过。')).toBeVisible()
  await expect(dialog.getByLabel(t('ticket.field.expected_at'))).toBeFocused()
})

test('A5 a script with a gap cannot be sent before it is filled', async ({ page }) => {
  const { state } = await mockCentre(page)
  await page.goto('/work')
  await page.getByRole('log').waitFor()
  await page.keyboard.press('r')
  const box = page.getByRole('textbox', { name: t('ticket.composer.reply') })
  await box.pressSequentially('/停车')
  await page.getByRole('option', { name: /停车退费/ }).waitFor()
  await page.keyboard.press('Enter')
  await expect(box).toHaveValue(/^刘洋您好，您的停车费差额 【…refund\.amount】/)
  await page.keyboard.press('Control+Enter')
  expect(state.requests.filter(({ path }) => path.endsWith('/reply'))).toHaveLength(0)
  await page.keyboard.type('64')
  await page.keyboard.press('Control+Enter')
  await expect(box).toHaveValue('')
  expect(state.requests.find(({ path }) => path.endsWith('/reply'))?.body).toEqual({
    content: '刘洋您好，您的停车费差额 64 元将在 3 个工作日内原路退回。',
  })
})

test('letters are words in a field and keys outside; they can be switched off', async ({ page }) => {
  await mockCentre(page)
  await page.goto('/work')
  const selected = page.locator('[role=option][aria-selected=true]')
  await page.getByRole('log').waitFor()
  await expect(selected).toHaveAttribute('aria-posinset', '1')
  await page.keyboard.press('j')
  await expect(selected).toHaveAttribute('aria-posinset', '2')
  await page.getByPlaceholder(t('workbench.queue.filter')).fill('j')
  await expect(selected).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(selected).toHaveAttribute('aria-posinset', '2')
  await page.keyboard.press('?')
  await page.getByRole('dialog').getByLabel(t('app.menu.letter_keys')).uncheck()
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await expect(selected).toHaveAttribute('aria-posinset', '2')
})

test('what the stream tells is shown: new words, a notice, the badge in the title', async ({ page }) => {
  const { state, push } = await mockCentre(page)
  await page.goto('/work')
  await expect(page.getByRole('log')).toContainText('请问退款什么时候到账？')
  const first = state.all[0]
  if (first) first.version = 8
  state.events.push({
    seq: 99,
    at: new Date(now).toISOString(),
    actor: null,
    type: 'customer_wrote',
    data: { content: '在吗？' },
    hash: 'f'.repeat(64),
  })
  push({ type: 'ticket', ticket_id: id(1000), version: 8, command: 'customer_message' })
  await expect(page.getByRole('log')).toContainText('在吗？')
  await expect(page).toHaveTitle(/^\(2\)/)
  push({
    type: 'notice',
    notice: {
      id: id(99),
      kind: 'assigned',
      ticket_id: id(1001),
      ticket_number: '20261123-000002',
      obligation_kind: null,
      due_at: null,
      refusal: null,
      missing: [],
      at: new Date(now).toISOString(),
      read_at: null,
    },
  })
  await expect(page).toHaveTitle(/^\(3\)/)
})
