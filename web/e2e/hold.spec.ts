import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { choose, languages, password, textsOf, type Language } from './desk'
import { HeldCentre } from './held_centre'
import { Receiver } from './webhook_receiver'

let centre: HeldCentre
let receiver: Receiver
test.beforeAll(async () => {
  test.setTimeout(180_000)
  centre = await HeldCentre.start()
  receiver = await Receiver.start()
  const admin = await centre.as('admin')
  const webhook = await admin('/webhooks', { name: 'CRM', url: receiver.url, kinds: ['ticket.received'] })
  receiver.secret = String(webhook.secret)
  const agent = await centre.as('agent1')
  await agent('/tickets', { channel: 'phone', customer: { name: '张伟' }, subject: '恢复之后', content: '请核对' })
})
test.afterAll(() => {
  centre.stop()
  receiver.stop()
})

async function open(page: Page, language: Language, login: string, theme: 'light' | 'dark' = 'light') {
  const t = textsOf(language)
  await choose(page, language, theme)
  await page.goto(centre.url)
  await page.getByLabel(t('session.sign_in.login')).fill(login)
  await page.getByLabel(t('session.sign_in.password')).fill(password)
  await page.getByRole('button', { name: t('session.sign_in.act') }).click()
  await page.getByRole('region', { name: t('workbench.queue.label') }).waitFor()
  return t
}
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n   ')}`)
}
const banner = (page: Page, t: ReturnType<typeof textsOf>) => page.getByRole('status', { name: t('hold.banner') })

for (const [language, theme] of [
  [languages[0], 'light'],
  [languages[1], 'dark'],
  [languages[2], 'light'],
] as const)
  test(`R24 what is held is said above every page of those who may release it (${language})`, async ({
    page,
  }, info) => {
    const t = await open(page, language, 'manager1', theme)
    await expect(banner(page, t)).toContainText(t('hold.what.outgoing'))
    await expect(banner(page, t)).toContainText('1')
    expect(await findings(page)).toEqual([])
    await page.screenshot({ path: info.outputPath('banner.png') })
    await page.goto(`${centre.url}/settings/backups`)
    await expect(banner(page, t)).toContainText(t('hold.what.outgoing'))
    await expect(page.getByRole('table', { name: t('hold.history.title') })).toContainText(t('hold.history.open'))
    expect(await findings(page)).toEqual([])
  })

test('R24 who may not release it sees no banner', async ({ page }) => {
  const t = await open(page, 'zh-CN', 'agent1')
  await expect(banner(page, t)).toHaveCount(0)
})

test('R24 it is released by keyboard, with what was checked, and the messages go', async ({ page }, info) => {
  const t = await open(page, 'zh-CN', 'manager1')
  await page.goto(`${centre.url}/settings/backups`)
  expect(receiver.received).toEqual([])
  await banner(page, t)
    .getByRole('button', { name: t('hold.act') })
    .focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: t('hold.form.title.outgoing') })
  const comment = dialog.getByRole('textbox', { name: t('hold.form.comment') })
  await expect(comment).toBeFocused()
  const confirm = dialog.getByRole('button', { name: t('hold.form.confirm.outgoing') })
  await confirm.click()
  await expect(dialog.getByText(t('hold.form.missing'))).toBeVisible()
  expect(await findings(page)).toEqual([])
  await comment.fill('已与接收方核对')
  await page.screenshot({ path: info.outputPath('release.png') })
  await confirm.focus()
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(banner(page, t)).toHaveCount(0)
  await expect
    .poll(() => receiver.received.map(({ type, signed }) => [type, signed]))
    .toEqual([['ticket.received', true]])
  const row = page
    .getByRole('table', { name: t('hold.history.title') })
    .locator('tbody tr')
    .first()
  await expect(row).toContainText(t('hold.history.released'))
  await expect(row).toContainText('已与接收方核对')
  await page.screenshot({ path: info.outputPath('history.png'), fullPage: true })
  expect(await findings(page)).toEqual([])
})
