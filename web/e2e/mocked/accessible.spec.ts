import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { choose } from '../desk'
import { mockCentre } from './centre'
import { id, now } from './data'

const pages = {
  'sign-in': '/sign-in',
  workbench: '/work',
  ticket: `/tickets/${id(1000)}`,
  tickets: '/tickets',
  registration: '/register',
  customers: '/customers',
  customer: `/customers/${id(500)}`,
  knowledge: `/knowledge/${id(200)}`,
  figures: '/figures',
  policy: '/settings/policy',
  staff: '/settings/staff',
  audit: '/audit',
  matrix: '/settings/matrix',
  webhooks: '/settings/webhooks',
  notices: '/notices',
}

for (const theme of ['light', 'dark'] as const) {
  for (const [name, path] of Object.entries(pages)) {
    test(`${name} has no serious axe finding (${theme})`, async ({ page }) => {
      await page.clock.install({ time: now })
      await choose(page, 'zh-CN', theme)
      await mockCentre(page, { tickets: 40, signedIn: name !== 'sign-in' })
      await page.goto(path)
      await page.getByRole('main').waitFor()
      await expect(page.locator('.skeleton')).toHaveCount(0)
      await page.evaluate(() => document.fonts.ready)
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      const found = violations.map(
        ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join('\n   ')}`,
      )
      expect(found).toEqual([])
    })
  }
}

test("a webhook's form, its deliveries and the dead letters have none either", async ({ page }) => {
  await page.clock.install({ time: now })
  await choose(page, 'zh-CN')
  await mockCentre(page)
  await page.goto('/settings/webhooks')
  const shot = (name: string) => page.screenshot({ path: `test-results/webhook-mocked-${name}.png` })
  const check = async (name: string) => {
    await shot(name)
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.html}`)).toEqual([])
  }
  await page.getByText('数据仓库').waitFor()
  await check('list')
  await page.getByRole('button', { name: '编辑“数据仓库”' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '停用' }).click()
  await check('form')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '“数据仓库”的发送记录' }).click()
  await page.getByRole('dialog').getByRole('listitem').nth(1).getByRole('button').first().click()
  await page.getByText('503').first().waitFor()
  await check('deliveries')
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: '死信' }).click()
  await page.getByRole('table').waitFor()
  await check('dead')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('tab', { name: '对外通知' }).click()
  await check('phone')
})

test('the palette, a form and the explanation have none either', async ({ page }) => {
  await page.clock.install({ time: now })
  await choose(page, 'zh-CN')
  await mockCentre(page, { tickets: 40 })
  await page.goto('/work')
  const check = async () => {
    const { violations } = await new AxeBuilder({ page })
      .include('dialog')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await page.getByRole('log').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('停车')
  await page.getByRole('dialog').getByRole('option', { name: '会员积分未到账' }).waitFor()
  await check()
  await page.keyboard.press('p')
  await page.getByRole('dialog').waitFor()
  await check()
  await page
    .getByRole('button', { name: /反馈结果/ })
    .first()
    .click()
  await page.getByRole('dialog').getByText('合计').waitFor()
  await check()
})
