import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { choose, languages, signIn, textsOf } from './desk'

const t = textsOf('zh-CN')
const mark = String(Date.now() % 1_000_000)

async function open(page: Page, login: string, path: string): Promise<void> {
  await choose(page, 'zh-CN')
  await signIn(page, login, t)
  await page.goto(path)
}
const field = (page: Page, name: string) => page.locator('form.form').getByLabel(t(`knowledge.field.${name}`))
const list = (page: Page) => page.getByRole('region', { name: t('app.page.knowledge') })
const state = (page: Page) => list(page).getByLabel(t('knowledge.field.state'))
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n   ')}`)
}

test('B1 an article goes from a draft that survives a reload into use, out of it and back', async ({ page }) => {
  await open(page, 'supervisor1', '/knowledge')
  await page.getByRole('searchbox').blur()
  await page.keyboard.press('n')
  await field(page, 'title').fill(`充电桩占位费${mark}`)
  await field(page, 'class').selectOption('consultation')
  await field(page, 'category').selectOption('parking')
  await field(page, 'body').fill(
    '## 收费\n\n- 充满 **30 分钟** 后每分钟 1 元\n\n| 时段 | 上限 |\n|---|---|\n| 夜间 | 不收 |',
  )
  await expect(page.getByRole('heading', { name: '收费' })).toBeVisible()
  await page.screenshot({ path: 'test-results/knowledge-new.png' })
  expect(await findings(page)).toEqual([])
  await page.reload()
  await expect(field(page, 'title')).toHaveValue(`充电桩占位费${mark}`)
  await expect(field(page, 'category')).toHaveValue('parking')
  await expect(page.getByText(t('knowledge.form.restored'))).toBeVisible()
  await page.keyboard.press('Control+s')

  await expect(page.getByRole('heading', { level: 1, name: `充电桩占位费${mark}` })).toBeVisible()
  await expect(state(page)).toHaveValue('draft')
  await expect(list(page).getByRole('link', { name: new RegExp(mark) })).toBeVisible()
  await page.screenshot({ path: 'test-results/knowledge-draft.png' })
  await page.getByRole('button', { name: t('knowledge.act.publish') }).click()
  await expect(state(page)).toHaveValue('in_use')
  await expect(list(page).getByRole('link', { name: new RegExp(mark) })).toBeVisible()

  // A change goes live at once and stays in the history.
  await page.keyboard.press('e')
  await field(page, 'body').fill('## 收费\n\n- 充满 **15 分钟** 后每分钟 1 元')
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('listitem').filter({ hasText: '15 分钟' })).toBeVisible()
  await expect(page.getByRole('button', { name: t('knowledge.act.edit') })).toBeVisible()
  await page.keyboard.press('h')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: /第 3 版/ })).toContainText('沈立群')
  await expect(dialog).toContainText('15 分钟')
  await expect(dialog).toContainText('30 分钟')
  await page.screenshot({ path: 'test-results/knowledge-history.png' })
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: t('knowledge.act.retire') }).click()
  await dialog.getByRole('button', { name: t('knowledge.act.retire') }).click()
  await expect(state(page)).toHaveValue('retired')
  await page.getByRole('button', { name: t('knowledge.act.restore') }).click()
  await expect(state(page)).toHaveValue('in_use')
})

test('A5 a script is written with placeholders, its shortcut guarded, and found in the reply box', async ({ page }) => {
  await open(page, 'supervisor1', '/knowledge/scripts/new')
  await field(page, 'title').fill(`占位费说明${mark}`)
  await field(page, 'shortcut').fill('DHKC!')
  await field(page, 'channel').selectOption('phone')
  await field(page, 'body').fill('您好，我是')
  await page.getByRole('button', { name: t('knowledge.placeholder.name'), exact: true }).click()
  await page.keyboard.type('，单号')
  await page.getByRole('button', { name: t('knowledge.placeholder.number'), exact: true }).click()
  await page.keyboard.type('，原因是')
  await page.getByRole('button', { name: t('knowledge.placeholder.reason'), exact: true }).click()
  await expect(field(page, 'body')).toHaveValue('您好，我是{name}，单号{number}，原因是{reason}')
  const preview = page.getByRole('complementary', { name: t('knowledge.preview.title') })
  await expect(preview).toContainText('我是沈立群')
  await expect(preview).toContainText('【…原因】')

  await page.keyboard.press('Control+Enter')
  await expect(field(page, 'shortcut')).toHaveAttribute('aria-invalid', 'true')
  await expect(field(page, 'shortcut')).toBeFocused()
  await expect(page.getByText('快捷词只能用小写字母和数字')).toBeVisible()
  await field(page, 'shortcut').fill('dhkc') // the demo's own
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('已有规范用语使用这个快捷词')).toBeVisible()
  await page.screenshot({ path: 'test-results/knowledge-script-fault.png' })
  expect(await findings(page)).toEqual([])
  await field(page, 'shortcut').fill(`zwf${mark}`)
  await page.keyboard.press('Control+Enter')
  await expect(state(page)).toHaveValue('in_use')
  await expect(page.getByRole('heading', { level: 1, name: `占位费说明${mark}` })).toBeVisible()
  await page.screenshot({ path: 'test-results/knowledge-script.png' })

  await page.goto('/register')
  await page.getByLabel(t('registration.phone')).fill(`138${mark.padStart(8, '0')}`)
  await page.getByLabel(t('ticket.field.name')).fill('周婷')
  await page.getByRole('textbox', { name: t('ticket.field.content'), exact: true }).fill('问占位费')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/work\/mine\/\w{13}/)
  const box = page.getByRole('textbox', { name: t('ticket.composer.reply') })
  await box.fill(`/zwf${mark}`)
  await page.getByRole('option', { name: new RegExp(`zwf${mark}`) }).click()
  await expect(box).toHaveValue(/^您好，我是沈立群，单号\S+，原因是【…原因】$/)
})

test('two editors at once: both changes stand, and a clash is shown', async ({ page, browser }) => {
  await open(page, 'supervisor1', '/knowledge')
  await list(page).getByRole('link').nth(1).click()
  await page.keyboard.press('e')
  const body = await field(page, 'body').inputValue()
  await field(page, 'body').fill(`${body}\n\n沈立群补充${mark}`)

  const other = await browser.newPage()
  await open(other, 'manager1', page.url())
  await other.getByRole('heading', { level: 1 }).waitFor()
  await other.getByRole('button', { name: t('knowledge.act.edit') }).click()
  const title = (await field(other, 'title').inputValue()).replace(/（.*）$/, '')
  await field(other, 'title').fill(`${title}（${mark}）`)
  await field(other, 'body').fill(`${body}\n\n顾文静补充${mark}`)
  await other.keyboard.press('Control+s')
  await expect(other.getByRole('heading', { level: 1, name: mark })).toBeVisible()
  await other.close()

  await page.keyboard.press('Control+s')
  const told = page.getByRole('alert')
  await expect(told).toContainText('顾文静')
  await expect(told).toContainText(`顾文静补充${mark}`)
  await expect(field(page, 'title')).toHaveValue(`${title}（${mark}）`)
  await expect(field(page, 'body')).toHaveValue(new RegExp(`沈立群补充${mark}`))
  await page.screenshot({ path: 'test-results/knowledge-overtaken.png' })
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('heading', { level: 1, name: mark })).toBeVisible()
  await expect(page.getByText(`沈立群补充${mark}`)).toBeVisible()
})

test('who may not edit reads, and is offered no act', async ({ page }) => {
  await open(page, 'agent1', '/knowledge')
  await list(page).getByRole('link').first().click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expect(page.getByRole('button', { name: t('knowledge.act.edit') })).toHaveCount(0)
  await expect(state(page)).toHaveCount(0)
  await page.keyboard.press('e')
  await page.keyboard.press('n')
  await expect(page.locator('form.form')).toHaveCount(0)
  await page.goto('/knowledge/new')
  await expect(page.locator('form.form')).toHaveCount(0)
  await expect(page.getByText(t('shared.state.absent')).or(page.getByText('没有找到'))).not.toHaveCount(0)
  expect(await findings(page)).toEqual([])
})

for (const language of languages)
  for (const theme of ['light', 'dark'] as const)
    test(`article, script and form have no axe finding and are to be looked at (${language}, ${theme})`, async ({
      page,
    }) => {
      const own = textsOf(language)
      await choose(page, language, theme)
      await signIn(page, 'manager1', own)
      for (const [name, path] of [
        ['article', '/knowledge'],
        ['script', '/knowledge/scripts'],
      ] as const) {
        await page.goto(path)
        const links = page.getByRole('region', { name: own('app.page.knowledge') }).getByRole('link')
        await links.nth(3).click()
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.screenshot({ path: `test-results/knowledge-${name}-${language}-${theme}.png` })
        expect(await findings(page), name).toEqual([])
        await page.getByRole('button', { name: own('knowledge.act.edit') }).click()
        await expect(page.getByRole('complementary', { name: own('knowledge.preview.title') })).toBeVisible()
        await page.screenshot({ path: `test-results/knowledge-${name}-form-${language}-${theme}.png` })
        expect(await findings(page), `${name} form`).toEqual([])
      }
    })
