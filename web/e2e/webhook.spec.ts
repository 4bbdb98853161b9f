import { expect, test, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { choose, languages, signIn, textsOf } from './desk'
import { Receiver } from './webhook_receiver'

const shot = (name: string) => ({ path: `test-results/webhook-${name}.png` })
type Texts = ReturnType<typeof textsOf>

async function openWebhooks(page: Page, t: Texts): Promise<void> {
  await signIn(page, 'admin', t)
  await page.goto('/settings/webhooks')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('webhook.title'))
  await expect(page.getByRole('main').locator('.skeleton')).toHaveCount(0)
}
/** The line of one webhook. */
const line = (page: Page, name: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: name })

for (const [index, language] of languages.entries()) {
  const t = textsOf(language)
  const theme = language === 'zh-TW' ? 'dark' : 'light'

  test(`a webhook is made, tried, fails, is mended and goes (${language})`, async ({ page }) => {
    const receiver = await Receiver.start()
    const name = `CRM ${Date.now() % 1_000_000}${index}`
    await page.setViewportSize({ width: 1280, height: 860 })
    await choose(page, language, theme)
    await openWebhooks(page, t)
    await page.screenshot(shot(`list-${language}`))
    await expectAccessible(page, `webhooks ${language}`)

    // What is wrong is told at its field, and nothing typed is lost.
    const dialog = page.getByRole('dialog')
    const field = (key: string) => dialog.getByLabel(new RegExp(`^${t(key)}`))
    await page.getByRole('button', { name: t('webhook.add') }).click()
    await field('webhook.form.name').fill(name)
    await field('webhook.form.url').fill('https://10.0.0.1/in')
    await dialog.getByRole('button', { name: t('shared.act.save') }).click()
    await expect(field('webhook.form.url')).toHaveAttribute('aria-invalid', 'true')
    await expect(field('webhook.form.name')).toHaveValue(name)
    await page.screenshot(shot(`bad-${language}`))
    await expectAccessible(page, `webhook form ${language}`)

    // The secret is shown once.
    await field('webhook.form.url').fill(receiver.url)
    await dialog.getByRole('checkbox', { name: t('ticket.event.ticket_received') }).check()
    await dialog.getByRole('button', { name: t('shared.act.save') }).click()
    await expect(dialog.locator('code')).toHaveText(/^whsec_[A-Za-z0-9+/]{43}=$/)
    receiver.secret = (await dialog.locator('code').textContent()) ?? ''
    await page.screenshot(shot(`secret-${language}`))
    await expectAccessible(page, `webhook secret ${language}`)
    await dialog
      .getByRole('button', { name: t('shared.act.close') })
      .last()
      .click()
    await expect(line(page, name)).toContainText(t('webhook.state.new'))

    // A test delivery arrives, signed.
    await page.getByRole('button', { name: t('webhook.delivery.of', { name }) }).click()
    await dialog.getByRole('button', { name: t('webhook.act.test') }).click()
    const row = dialog.getByRole('listitem').filter({ hasText: t('webhook.event.webhook_test') })
    await expect(row.first()).toContainText(t('webhook.delivery.sent'))
    expect(receiver.received).toMatchObject([{ type: 'webhook.test', signed: true }])
    await row.first().getByRole('button').first().click()
    await expect(dialog.getByText('thank you')).toBeVisible()
    await page.screenshot(shot(`deliveries-${language}`))
    await expectAccessible(page, `deliveries ${language}`)

    // One that fails waits for its next try, and is sent again at once when somebody wants it.
    receiver.status = 500
    await dialog.getByRole('button', { name: t('webhook.act.resend'), exact: true }).click()
    await expect(dialog.getByRole('listitem').first()).toContainText('HTTP 500')
    await page.screenshot(shot(`failed-${language}`))
    receiver.status = 200
    await expect(dialog.getByRole('listitem').first()).toContainText(t('webhook.delivery.sent'), { timeout: 30_000 })
    expect(new Set(receiver.received.map(({ id }) => id)).size, 'always the same id').toBe(1)
    expect(receiver.received.every(({ signed }) => signed)).toBe(true)
    await page.keyboard.press('Escape')
    await expect(line(page, name)).toContainText(t('webhook.state.good'))

    // Both secrets sign after one was replaced: the receiver still knows the old one only.
    await page.getByRole('button', { name: t('webhook.form.edit', { name }) }).click()
    await dialog.getByRole('button', { name: t('webhook.act.rotate') }).click()
    await dialog.getByRole('button', { name: t('webhook.yes.rotate'), exact: true }).click()
    await expect(dialog.locator('code')).not.toHaveText(receiver.secret)
    await page.screenshot(shot(`rotated-${language}`))

    await dialog.getByRole('button', { name: t('webhook.act.disable'), exact: true }).click()
    await dialog
      .getByRole('group')
      .getByRole('button', { name: t('webhook.yes.disable'), exact: true })
      .click()
    await expect(dialog.getByRole('button', { name: t('webhook.act.enable'), exact: true })).toBeVisible()
    await dialog.getByRole('button', { name: t('shared.act.remove'), exact: true }).click()
    await page.screenshot(shot(`sure-${language}`))
    await expectAccessible(page, `webhook removal ${language}`)
    await dialog.getByRole('button', { name: t('webhook.yes.remove'), exact: true }).click()
    await expect(line(page, name)).toHaveCount(0)
    receiver.stop()
  })
}

test('a ticket reaches the receiver, and dead letters can be sent again', async ({ page, request }) => {
  const t = textsOf('zh-CN')
  const receiver = await Receiver.start()
  const name = `仓库 ${Date.now() % 1_000_000}`
  await choose(page, 'zh-CN')
  await openWebhooks(page, t)
  await page.getByRole('button', { name: t('webhook.add') }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(new RegExp(`^${t('webhook.form.name')}`)).fill(name)
  await dialog.getByLabel(new RegExp(`^${t('webhook.form.url')}`)).fill(receiver.url)
  await dialog.getByRole('checkbox', { name: t('ticket.event.ticket_received') }).check()
  await dialog.getByRole('button', { name: t('shared.act.save') }).click()
  receiver.secret = (await dialog.locator('code').textContent()) ?? ''
  await dialog
    .getByRole('button', { name: t('shared.act.close') })
    .last()
    .click()

  // While the webhook is off nothing is told; what waited when it was switched off is a dead letter.
  receiver.status = 500
  const made = await request.post('/api/v1/public/requests', {
    data: { customer: { name: '刘洋', phone: '13800138000' }, subject: '货未到', content: '三天了', consent: true },
  })
  expect(made.status()).toBe(201)
  const { number } = (await made.json()) as { number: string }
  await expect.poll(() => receiver.received.length).toBeGreaterThan(0)
  expect(receiver.received[0]).toMatchObject({ type: 'ticket.received', signed: true, data: { number } })
  await page.getByRole('button', { name: t('webhook.form.edit', { name }) }).click()
  await dialog.getByRole('button', { name: t('webhook.act.disable'), exact: true }).click()
  await dialog
    .getByRole('group')
    .getByRole('button', { name: t('webhook.yes.disable'), exact: true })
    .click()
  await dialog.getByRole('button', { name: t('webhook.act.enable'), exact: true }).click()
  await expect(dialog.getByRole('button', { name: t('webhook.act.disable'), exact: true })).toBeVisible()
  await page.keyboard.press('Escape')

  receiver.status = 200
  const tab = page.getByRole('tab', { name: new RegExp(t('webhook.dead.title')) })
  await tab.click()
  const letter = page.getByRole('row').filter({ hasText: name })
  await expect(letter).toHaveCount(1)
  await page.screenshot(shot('dead'))
  await expectAccessible(page, 'dead letters')
  const before = receiver.received.length
  await letter.getByRole('button', { name: t('webhook.act.resend') }).click()
  await expect(letter).toHaveCount(0)
  await expect.poll(() => receiver.received.length).toBe(before + 1)
  expect(receiver.received.at(-1)).toMatchObject({ id: receiver.received[0]?.id, signed: true })

  // On a phone nothing sticks out.
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('tab', { name: t('webhook.title') }).click()
  await expect(line(page, name)).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.screenshot(shot('phone'))
  await page.getByRole('button', { name: t('webhook.delivery.of', { name }) }).click()
  await expect(dialog.getByRole('listitem').first()).toBeVisible()
  await page.screenshot(shot('phone-deliveries'))
  receiver.stop()
})
