import { devices, expect, test } from '@playwright/test'
import { Agent, expectAccessible, expectNoSideScroll, fillForm, lookAgain, texts, type Language } from './portal_centre'

const shot = (name: string) => ({ path: `test-results/portal/${name}.png`, fullPage: true })
const phone = { viewport: { width: 360, height: 740 }, userAgent: devices['Pixel 5'].userAgent, hasTouch: true }
const words = {
  'zh-CN': { subject: '停车多扣了一小时', content: '周六在 B2 停车，两小时内出场却扣了三小时的费用。' },
  'zh-TW': { subject: '停車多收了一小時', content: '週六在 B2 停車，兩小時內離場卻收了三小時的費用。' },
  en: { subject: 'Charged one hour too much', content: 'Parked on B2 for under two hours and was charged for three.' },
} satisfies Record<Language, object>
const locales: Record<Language, string> = { 'zh-CN': 'zh-CN', 'zh-TW': 'zh-TW', en: 'en-GB' }

for (const language of ['zh-CN', 'zh-TW', 'en'] as const) {
  test.describe(`a customer on a phone, in ${language}`, () => {
    test.use({ ...phone, locale: locales[language] })

    test('submits, agrees, gets the result, is not satisfied and sees the rework', async ({ page, baseURL }) => {
      test.setTimeout(180_000)
      const t = texts(language)
      const { subject, content } = words[language]
      const addresses: string[] = []
      const faults: string[] = []
      page.on('request', (request) => addresses.push(request.url()))
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text())
      })
      const seen = async (name: string) => {
        await expectAccessible(page, name)
        await expectNoSideScroll(page)
        await page.screenshot(shot(`${language}-${name}`))
      }

      await page.goto('/p/')
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('start.title'))
      await seen('1-start')

      await page.getByRole('link', { name: t('start.new') }).click()
      await page.getByRole('button', { name: t('new.send') }).click()
      await expect(page.getByText(t('fault.content'))).toBeVisible()
      await seen('2-faults')
      await fillForm(page, t, words[language])
      await page.getByRole('checkbox', { name: t('new.consent') }).check()
      await seen('3-filled')
      const made = page.waitForResponse((answer) => answer.url().endsWith('/public/requests') && answer.ok())
      await page.getByRole('button', { name: t('new.send') }).click()
      const { number, secret, ticket_id } = (await (await made).json()) as Record<string, string>

      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('sent.title'))
      await expect(page.getByText(`/p/r/${number}#${secret}`)).toBeVisible()
      await seen('4-sent')
      await page.getByRole('link', { name: t('sent.open') }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(subject)
      await expect(page.getByText(content)).toBeVisible()
      await expect(page.getByRole('heading', { name: t('now.intake.title') })).toBeVisible()
      await seen('5-received')

      const agent = await Agent.signIn(baseURL ?? '')
      const about = String(ticket_id)
      await agent.give(about, 'respond', { content: '您好，我是您的责任人，正在核对停车记录。' })
      // No push on this page: the next poll brings it, without anybody doing anything.
      await expect(page.getByText('正在核对停车记录')).toBeVisible({ timeout: 30_000 })

      await page.getByLabel(t('request.write')).fill('B2-117')
      await page.getByRole('button', { name: t('request.send'), exact: true }).click()
      await expect(page.getByRole('log').getByText('B2-117')).toBeVisible()
      await expect(page.getByLabel(t('request.write'))).toHaveValue('')

      const inAnHour = new Date(Date.now() + 26 * 3_600_000).toISOString()
      const classified = { class: 'complaint', category: 'charges', grade: 'L3', complexity: 'simple', in_scope: true }
      await agent.give(about, 'classify', classified)
      const solution = { solution: '退还多扣的一小时费用 10 元', steps: '核对记录；原路退款', expected_at: inAnHour }
      await agent.give(about, 'propose_solution', solution)
      await lookAgain(page)
      await expect(page.getByText(solution.solution).first()).toBeVisible()
      await seen('6-solution')
      await page.getByRole('button', { name: t('request.agree') }).click()
      await expect(page.getByText(t('request.solution_agreed'), { exact: true })).toBeVisible()
      await seen('7-agreed')

      await agent.give(about, 'finish_implementation', { summary: '已退款' })
      await agent.give(about, 'give_result', { handling: '核对了进出场记录', solution: '原路退款', result: '10 元已到账' })
      await lookAgain(page)
      await expect(page.getByText('10 元已到账')).toBeVisible()
      await page.getByText(t('rating.two'), { exact: true }).click()
      await page.getByRole('button', { name: t('request.rate_send') }).click()
      await expect(page.getByText(t('request.rate_reason_needed'))).toBeVisible()
      await seen('8-result')
      await page.getByLabel(t('request.rate_reason_low')).fill('还没有收到退款')
      await page.getByRole('button', { name: t('request.rate_send') }).click()
      await expect(page.getByRole('heading', { name: t('now.rework.title') })).toBeVisible()
      await expect(page.getByText('还没有收到退款')).toBeVisible()
      await seen('9-rework')
      await agent.end()

      expect(faults).toEqual([])
      expect(addresses.filter((address) => address.split('#')[0]?.includes(String(secret)))).toEqual([])
    })
  })
}

test.describe('whatever happens on the way', () => {
  test.use(phone)
  const t = texts('zh-CN')

  test('what is typed survives a reload, and consent is asked anew', async ({ page }) => {
    await page.goto('/p/new')
    await fillForm(page, t, words['zh-CN'])
    await page.getByRole('checkbox', { name: t('new.consent') }).check()
    await page.reload()
    await expect(page.getByLabel(t('new.content'), { exact: true })).toHaveValue(words['zh-CN'].content)
    await expect(page.getByRole('radio', { name: t('class.complaint.name') })).toBeChecked()
    await expect(page.getByRole('checkbox', { name: t('new.consent') })).not.toBeChecked()
    await page.goto('/p/')
    await expect(page.getByText(t('start.draft'))).toBeVisible()
  })

  test('without a network it is kept and goes out once the network returns, and once only', async ({ page, context }) => {
    await page.goto('/p/new')
    await fillForm(page, t, words['zh-CN'])
    await page.getByRole('checkbox', { name: t('new.consent') }).check()
    await context.setOffline(true)
    await page.getByRole('button', { name: t('new.send') }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('new.queued_title'))
    await expectAccessible(page, 'queued')
    await page.screenshot(shot('queued'))
    const keys: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST') keys.push(request.headers()['idempotency-key'] ?? '')
    })
    await page.getByRole('button', { name: t('new.queued_now') }).click()
    await expect(page.getByRole('button', { name: t('new.queued_now') })).toBeEnabled()
    await context.setOffline(false)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('sent.title'))
    expect(new Set(keys).size).toBe(1)
  })

  test('a fault that only the server sees stands at its field', async ({ page }) => {
    await page.goto('/p/new')
    await fillForm(page, t, words['zh-CN'])
    await page.getByLabel(t('new.phone'), { exact: true }).fill('not a number')
    await page.getByRole('checkbox', { name: t('new.consent') }).check()
    await page.getByRole('button', { name: t('new.send') }).click()
    await expect(page.getByLabel(t('new.phone'), { exact: true })).toHaveAttribute('aria-invalid', 'true')
    await expect(page.getByLabel(t('new.phone'), { exact: true })).toBeFocused()
    await expect(page.getByLabel(t('new.content'), { exact: true })).toHaveValue(words['zh-CN'].content)
  })

  test('a wrong secret, a missing one and an absent page each say what to do', async ({ page }) => {
    await page.goto('/p/r/20260101-000001#wrong')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('state.secret_title'))
    await expectAccessible(page, 'wrong secret')
    await page.screenshot(shot('wrong-secret'))
    await page.getByRole('link', { name: t('state.enter') }).click()
    await expect(page.getByLabel(t('follow.number'))).toHaveValue('20260101-000001')
    await page.goto('/p/r/20260101-000001')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('state.secret_missing_title'))
    await page.goto('/p/nothing/here')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('state.absent_title'))
  })

  test('too many attempts and a silent server are told apart', async ({ page, context }) => {
    const problem = { type: 'about:blank', title: '尝试次数过多', status: 429, detail: '请 30 秒后再试', code: 'throttled' }
    await page.route('**/public/requests/*', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'Retry-After': '30' },
        contentType: 'application/problem+json',
        body: JSON.stringify(problem),
      }),
    )
    await page.goto('/p/r/20260101-000001#some-secret')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('state.throttled_title'))
    await page.screenshot(shot('throttled'))
    await page.unroute('**/public/requests/*')
    await context.setOffline(true)
    await page.getByRole('button', { name: t('act.retry') }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('state.offline_title'))
    await page.screenshot(shot('offline'))
  })

  test('a pasted link opens the request, which this device then remembers until told otherwise', async ({ page, request }) => {
    const { subject, content } = words['zh-CN']
    const body = { subject, content, customer: { name: '林静怡', phone: '13900004821' }, class: 'complaint', consent: true }
    const { number, secret } = (await (await request.post('/api/v1/public/requests', { data: body })).json()) as {
      number: string
      secret: string
    }
    await page.goto('/p/follow')
    await page.getByLabel(t('follow.number')).fill(`看看 https://example.org/p/r/${number}#${secret}`)
    await page.getByRole('button', { name: t('follow.open') }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(subject)
    await page.goto('/p/follow')
    await expect(page.getByRole('link', { name: subject })).toBeVisible()
    await expectAccessible(page, 'follow')
    await page.screenshot(shot('follow'))
    await page.getByRole('button', { name: t('follow.forget').replace('{number}', number) }).click()
    await expect(page.getByRole('link', { name: subject })).toHaveCount(0)
  })
})

for (const look of ['light', 'dark'] as const) {
  test(`on a desktop, ${look}, and in large type`, async ({ browser, baseURL, request }) => {
    const { subject, content } = words['zh-CN']
    const body = { subject, content, customer: { name: '林静怡', phone: '13900004821' }, class: 'complaint', consent: true }
    const made = (await (await request.post('/api/v1/public/requests', { data: body })).json()) as Record<string, string>
    const agent = await Agent.signIn(baseURL ?? '')
    const about = String(made.ticket_id)
    await agent.give(about, 'respond', { content: '您好，我是您的责任人，正在核对停车记录。' })
    await agent.give(about, 'promise', {
      reason: '核对记录',
      expected_at: new Date(Date.now() + 3 * 3_600_000).toISOString(),
      procedure: '核对完成后短信告知',
    })
    await agent.end()

    const context = await browser.newContext({ baseURL, colorScheme: look, viewport: { width: 1280, height: 900 }, locale: 'zh-CN' })
    const page = await context.newPage()
    for (const [name, path] of Object.entries({
      start: '/p/',
      new: '/p/new',
      request: `/p/r/${made.number}#${made.secret}`,
    })) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.waitForLoadState('networkidle')
      await expectAccessible(page, `${look} ${name}`)
      await page.screenshot(shot(`desktop-${look}-${name}`))
    }
    await page.setViewportSize({ width: 360, height: 740 })
    await page.getByRole('button', { name: texts('zh-CN')('shell.large_type') }).click()
    await expectAccessible(page, `${look} large`)
    await expectNoSideScroll(page)
    await page.screenshot(shot(`phone-${look}-large`))
    await context.close()
  })
}
