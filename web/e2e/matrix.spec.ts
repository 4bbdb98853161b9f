import { expect, test, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { choose, languages, signIn, textsOf } from './desk'

const shot = (name: string) => ({ path: `test-results/matrix-${name}.png` })
type Texts = ReturnType<typeof textsOf>

async function openMatrix(page: Page, t: Texts, login = 'manager1'): Promise<void> {
  await signIn(page, login, t)
  await page.goto('/settings/matrix')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('matrix.title'))
  await expect(page.getByRole('main').locator('.skeleton')).toHaveCount(0)
}
const table = (page: Page) => page.getByRole('region', { name: /.+/ }).getByRole('table')
const trial = (page: Page, t: Texts) => page.getByRole('complementary', { name: t('matrix.trial.title') })

for (const [index, language] of languages.entries()) {
  const t = textsOf(language)
  const theme = language === 'zh-TW' ? 'dark' : 'light'

  test(`D4 a row is added, proposes, is changed by two and retired (${language})`, async ({ page, browser }) => {
    const mark = `${Date.now() % 1_000_000}${index}`
    await page.setViewportSize({ width: 1280, height: 900 })
    await choose(page, language, theme)
    await openMatrix(page, t)
    await expect(table(page).getByText('质量管理部').first()).toBeVisible()
    await page.screenshot(shot(`table-${language}`))
    await expectAccessible(page, `matrix ${language}`)

    // D8: who would get a complaint about a product, and which row says so.
    const panel = trial(page, t)
    await panel.getByLabel(t('ticket.field.category')).selectOption('product_quality')
    await expect(panel.locator('.who')).toContainText('质量管理部')
    await expect(panel).toContainText('售后服务部')
    await expect(page.locator('tr[aria-current="true"]')).toContainText('质量管理部')
    await page.screenshot(shot(`trial-${language}`))
    await expectAccessible(page, `matrix trial ${language}`)

    // What is wrong is told at its field, and nothing typed is lost.
    const dialog = page.getByRole('dialog')
    const field = (key: string) => dialog.getByLabel(t(key), { exact: false }).first()
    const save = dialog.getByRole('button', { name: t('shared.act.save') })
    await page.keyboard.press('n')
    await field('ticket.field.class').selectOption('help')
    await field('matrix.field.comment').fill(`备注 ${mark}`)
    await dialog.getByRole('button', { name: t('matrix.form.add_unit') }).click()
    await save.click()
    await expect(field('matrix.column.lead')).toHaveAttribute('aria-invalid', 'true')
    await expect(field('matrix.field.comment')).toHaveValue(`备注 ${mark}`)
    await page.screenshot(shot(`bad-${language}`))
    await expectAccessible(page, `matrix form ${language}`)

    // A key that is taken names the row that has it.
    await field('ticket.field.category').selectOption('lost_property')
    await field('matrix.column.lead').selectOption({ label: '综合协调部' })
    await dialog
      .getByLabel(t('matrix.form.cooperating_unit', { no: '1' }), { exact: true })
      .selectOption({ label: '技术部' })
    await dialog.getByLabel(t('matrix.form.duty_of', { no: '1' }), { exact: true }).fill('查看监控')
    await save.click()
    await expect(dialog.getByRole('alert')).toContainText('客服部')
    await page.screenshot(shot(`taken-${language}`))

    await field('ticket.field.area').selectOption({ index: index + 1 })
    await field('ticket.field.category').selectOption('special_need')
    await save.click()
    await expect(dialog).toHaveCount(0)
    const row = page.getByRole('row').filter({ hasText: mark })
    await expect(row).toContainText('查看监控')

    // Two change one row: the second keeps what was typed and sees what the first saved.
    const other = await browser.newContext()
    const second = await other.newPage()
    await choose(second, language)
    await openMatrix(second, t, 'admin')
    await page.getByRole('row').filter({ hasText: mark }).getByRole('button').click()
    await second.getByRole('row').filter({ hasText: mark }).getByRole('button').click()
    await second.getByRole('dialog').getByLabel(t('matrix.field.comment')).fill(`先到 ${mark}`)
    await second
      .getByRole('dialog')
      .getByRole('button', { name: t('shared.act.save') })
      .click()
    await expect(second.getByRole('dialog')).toHaveCount(0)
    await other.close()
    await field('matrix.field.comment').fill(`后到 ${mark}`)
    await save.click()
    await expect(dialog.getByRole('alert')).toContainText(`先到 ${mark}`)
    await expect(field('matrix.field.comment')).toHaveValue(`后到 ${mark}`)
    await page.screenshot(shot(`stale-${language}`))
    await expectAccessible(page, `matrix stale ${language}`)
    await save.click()
    await expect(dialog).toHaveCount(0)
    await expect(row).toContainText(`后到 ${mark}`)

    // Out of use it is out of the way, and comes back on request; so the next run finds its key free.
    await row.getByRole('button').click()
    await dialog.getByRole('button', { name: t('matrix.act.retire') }).click()
    await dialog
      .getByRole('group')
      .getByRole('button', { name: t('matrix.act.retire') })
      .last()
      .click()
    await expect(dialog).toHaveCount(0)
    await expect(row).toHaveCount(0)
    await page.getByLabel(t('matrix.filter.state')).selectOption('retired')
    await expect(row).toContainText(t('matrix.state.retired'))
  })
}

test('D4 an agent reads and tries it out, and finds a row by the keyboard', async ({ page }) => {
  const t = textsOf('zh-CN')
  await choose(page, 'zh-CN', 'dark')
  await page.setViewportSize({ width: 390, height: 844 })
  await openMatrix(page, t, 'agent1')
  await expect(page.getByText(t('matrix.read_only'))).toBeVisible()
  await expect(page.getByRole('button', { name: t('matrix.add') })).toHaveCount(0)
  await page.keyboard.press('f')
  await page.keyboard.type('生产')
  await expect(page.getByRole('row').filter({ hasText: '质量管理部' }).first()).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: '停车管理部' })).toHaveCount(0)
  await page.screenshot({ ...shot('phone-dark'), fullPage: true })
  await expectAccessible(page, 'matrix on a phone')
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  expect(overflow).toBe(false)
})

test('D4 what fails is said, and can be tried again', async ({ page }) => {
  const t = textsOf('zh-CN')
  await choose(page, 'zh-CN')
  await signIn(page, 'manager1', t)
  let fails = true
  await page.route('**/api/v1/matrix', (route) => (fails ? route.abort() : route.continue()))
  await page.goto('/settings/matrix')
  const retry = page.getByRole('button', { name: t('shared.act.retry') })
  await expect(retry).toBeVisible()
  fails = false
  await retry.click()
  await expect(page.getByText('综合协调部').first()).toBeVisible()
})
