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
