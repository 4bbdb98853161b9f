import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { choose, languages, signIn, textsOf } from './desk'

const t = textsOf('zh-CN')

async function open(page: Page, login: string, part?: string): Promise<void> {
  await choose(page, 'zh-CN')
  await signIn(page, login, t)
  await page.goto('/settings/policy')
  await page.getByRole('heading', { level: 1, name: t('policy.title') }).waitFor()
  if (part) await tab(page, part).click()
}
const tab = (page: Page, part: string) => page.getByRole('tab', { name: t(`policy.tab.${part}`) })
const saveButton = (page: Page) => page.getByRole('button', { name: t('policy.save') })
const confirm = (page: Page) => page.getByRole('dialog').locator('button.primary')
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n   ')}`)
}
const mark = String(Date.now() % 1_000_000)

test('D3 a manager adds, moves and retires categories by keyboard; a reload keeps what was not saved', async ({
  page,
}) => {
  await open(page, 'manager1', 'record')
  await page.getByRole('radio', { name: t('ticket.class.help') }).click()
  const table = page.getByRole('table', { name: t('policy.record.categories_of', { class: t('ticket.class.help') }) })
  const rows = table.getByRole('row')
  const before = await rows.count()
  await table.locator('[data-field="0-zh-CN"]').focus()
  await page.keyboard.press('Enter')
  await expect(table.locator('[data-field="1-zh-CN"]')).toBeFocused()
  await page.keyboard.type(`儿童走失${mark}`)
  await page.keyboard.press('Tab')
  await page.keyboard.type('兒童走失')
  await page.keyboard.press('Tab')
  await page.keyboard.type(`Lost child ${mark}`)
  await expect(table.locator('[data-field="1-code"]')).toHaveValue(`lost_child_${mark}`)
  await page.keyboard.press('Alt+ArrowRight')
  await expect(table.locator('[data-field="0-0-en"], [data-field^="0-"][data-field$="-en"]').last()).toBeFocused()

  await page.reload()
  await expect(page.getByText(/已恢复上次未保存/)).toBeVisible()
  await tab(page, 'record').click()
  await page.getByRole('radio', { name: t('ticket.class.help') }).click()
  await expect(rows).toHaveCount(before + 1)
  const last = rows.last()
  await last.getByRole('button', { name: t('policy.category.retire') }).click()

  await page.keyboard.press('Control+s')
  await expect(page.getByRole('dialog')).toContainText(`新增分类“儿童走失${mark}”`)
  await expect(page.getByRole('dialog')).toContainText(t('policy.category.retire'))
  expect(await findings(page)).toEqual([])
  await confirm(page).click()
  await expect(page.getByText(t('policy.saved'))).toBeVisible()

  // What is retired is no longer offered when a call is registered; the new one is, under the one above it.
  await page.goto('/register')
  await page.getByRole('radio', { name: t('ticket.class.help') }).click()
  const options = page.getByLabel(t('ticket.field.category')).locator('option')
  await expect(options.filter({ hasText: `/ 儿童走失${mark}` })).toHaveCount(1)
  await expect(options.filter({ hasText: '其他求助' })).toHaveCount(0)

  // And it may come back.
  await page.goto('/settings/policy')
  await tab(page, 'record').click()
  await page.getByRole('radio', { name: t('ticket.class.help') }).click()
  await rows
    .last()
    .getByRole('button', { name: t('policy.category.restore') })
    .click()
  await saveButton(page).click()
  await confirm(page).click()
  await expect(page.getByText(t('policy.saved'))).toBeVisible()
})

test('a fault is told at its field, whatever part of the page is open', async ({ page }) => {
  await open(page, 'manager1', 'record')
  const first = page.locator('[data-field="0-en"]')
  const name = await first.inputValue()
  await first.fill('')
  await tab(page, 'limits').click()
  await saveButton(page).click()
  await confirm(page).click()
  await expect(tab(page, 'record')).toHaveAttribute('aria-selected', 'true')
  await expect(first).toBeFocused()
  await expect(first).toHaveAttribute('aria-invalid', 'true')
  await expect(page.locator('td', { has: first })).toContainText('必填')
  await expect(page.getByRole('alert')).toContainText('1 处')
  await page.screenshot({ path: 'test-results/policy-fault.png' })
  expect(await findings(page)).toEqual([])
  await first.fill(name)
  await expect(saveButton(page)).toBeDisabled()
})

test('two managers edit at once: nothing is lost, and each sees what the other did', async ({ page, browser }) => {
  await open(page, 'manager1', 'general')
  const mine = page.getByLabel(t('policy.general.dissatisfied'))
  const was = Number(await mine.inputValue())
  // Two stars stay a dissatisfaction: other tests use this centre, too.
  const wanted = String(was === 3 ? 2 : 3)
  await mine.fill(wanted)

  const other = await browser.newPage()
  await open(other, 'admin', 'consent')
  const consent = other.getByLabel(t('policy.language.zh-CN'))
  const text = await consent.inputValue()
  await consent.fill(`${text.replace(/（\d+）$/, '')}（${mark}）`)
  await saveButton(other).click()
  await confirm(other).click()
  await expect(other.getByText(t('policy.saved'))).toBeVisible()
  await other.close()

  await saveButton(page).click()
  await confirm(page).click()
  const told = page.getByRole('alert')
  await expect(told).toContainText('罗志远')
  await expect(told).toContainText(`（${mark}）`)
  await expect(mine).toHaveValue(wanted)
  await page.screenshot({ path: 'test-results/policy-overtaken.png' })
  expect(await findings(page)).toEqual([])
  await saveButton(page).click()
  await expect(page.getByRole('dialog')).toContainText(t('policy.general.dissatisfied'))
  await expect(page.getByRole('dialog')).not.toContainText(mark)
  await confirm(page).click()
  await expect(page.getByText(t('policy.saved'))).toBeVisible()
  await tab(page, 'consent').click()
  await expect(page.getByLabel(t('policy.language.zh-CN'))).toHaveValue(new RegExp(mark))

  await tab(page, 'versions').click()
  await expect(page.getByRole('region', { name: t('policy.compare.title') })).toContainText(
    t('policy.general.dissatisfied'),
  )
  await page.getByLabel(t('policy.compare.from')).selectOption({ label: t('policy.version_no', { version: '1' }) })
  await expect(page.getByRole('region', { name: t('policy.compare.title') })).toContainText(`（${mark}）`)
  await page.screenshot({ path: 'test-results/policy-versions.png' })
  expect(await findings(page)).toEqual([])
})

test('a year of holidays is pasted, its faults told by line, and taken from a file', async ({ page }) => {
  await open(page, 'manager1', 'holidays')
  const nav = page.getByRole('navigation', { name: t('policy.holiday.years') })
  const isFirstRun = (await nav.getByText(t('policy.holiday.missing')).count()) > 0
  if (isFirstRun) await expect(page.getByText('还没有 2027 年的放假和调休安排')).toBeVisible()
  await nav.getByRole('button', { name: /^2027/ }).click()
  await page.screenshot({ path: 'test-results/policy-holidays-missing.png' })
  await page
    .getByRole('button', { name: new RegExp(`^(${t('policy.holiday.import')}|${t('policy.holiday.edit')})$`) })
    .click()
  const box = page.getByRole('textbox', { name: t('policy.holiday.of', { year: '2027' }) })
  await box.fill('off,2027-01-01,2027-01-03,元旦\n春节放假\noff,2027-02-30,,春节')
  await expect(page.getByRole('listitem').filter({ hasText: '第 2 行' })).toContainText(t('policy.holiday.fault.kind'))
  await expect(page.getByRole('listitem').filter({ hasText: '第 3 行' })).toContainText(t('policy.holiday.fault.date'))
  await page.screenshot({ path: 'test-results/policy-holidays-fault.png', fullPage: true })
  expect(await findings(page)).toEqual([])
  await page.reload()
  await tab(page, 'holidays').click()
  await nav.getByRole('button', { name: /^2027/ }).click()
  await expect(box).toHaveValue(/春节放假/)

  // What only the server knows is told at its line too.
  await box.fill('off,2027-01-01,2027-01-03,元旦\n\nwork,2027-01-03,,元旦')
  await page.getByRole('button', { name: t('policy.holiday.save', { year: '2027' }) }).click()
  await expect(page.getByRole('listitem').filter({ hasText: '第 3 行' })).toContainText('重复')

  await page.locator('input[type=file]').setInputFiles({
    name: '2027.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('2027-01-01,放假,元旦\r\n2027-02-05,2027-02-11,放假,春节\r\n2027-02-20,调休,春节\r\n'),
  })
  await expect(page.getByText('已读出 9 天，0 行有误')).toBeVisible()
  await box.press('Control+Enter')
  await expect(page.getByText(t('policy.holiday.saved'))).toBeVisible()
  await expect(nav.getByText(t('policy.holiday.missing'))).toHaveCount(0)
  await page.screenshot({ path: 'test-results/policy-holidays.png', fullPage: true })
  expect(await findings(page)).toEqual([])
})

test('who may not edit reads everything and is told why', async ({ page }) => {
  await open(page, 'agent1')
  await expect(page.getByText(t('policy.read_only'))).toBeVisible()
  await expect(saveButton(page)).toHaveCount(0)
  for (const part of ['limits', 'general', 'calendar', 'holidays', 'record', 'consent', 'versions']) {
    await tab(page, part).click()
    await expect(page.locator('.skeleton')).toHaveCount(0)
    if (part === 'record') await page.getByRole('radio', { name: t('ticket.class.complaint') }).click()
    await expect(page.locator('.part').locator('input:enabled:visible, textarea:enabled:visible')).toHaveCount(0)
    expect(await findings(page), part).toEqual([])
    await page.screenshot({ path: `test-results/policy-reader-${part}.png`, fullPage: true })
  }
})

for (const language of languages)
  for (const theme of ['light', 'dark'] as const)
    test(`the parts have no axe finding and are to be looked at (${language}, ${theme})`, async ({ page }) => {
      const own = textsOf(language)
      await choose(page, language, theme)
      await signIn(page, 'manager1', own)
      await page.goto('/settings/policy')
      for (const part of ['limits', 'general', 'calendar', 'holidays', 'record', 'consent', 'versions']) {
        await page.getByRole('tab', { name: own(`policy.tab.${part}`) }).click()
        await expect(page.locator('.skeleton')).toHaveCount(0)
        await page.screenshot({ path: `test-results/policy-${part}-${language}-${theme}.png`, fullPage: true })
        expect(await findings(page), part).toEqual([])
      }
    })
