import { expect, test } from '@playwright/test'
import { choose, signIn, textsOf } from './desk'

const t = textsOf('zh-CN')

test('E6 what was typed survives a reload, and reaches the server', async ({ page }) => {
  await choose(page, 'zh-CN')
  await signIn(page, 'agent1', t)
  await page.keyboard.press('Alt+q')
  await page.getByLabel(t('registration.phone')).fill('13900001111')
  await page.getByLabel(t('ticket.field.name')).fill('周婷')
  await page.getByRole('textbox', { name: t('ticket.field.content'), exact: true }).fill('想了解会员积分怎么兑换')
  await page.reload()
  await expect(page.getByRole('textbox', { name: t('ticket.field.content'), exact: true })).toHaveValue(
    '想了解会员积分怎么兑换',
  )
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/work\/mine\/\w{13}/)

  const box = page.getByRole('textbox', { name: t('ticket.composer.reply') })
  const saved = page.waitForResponse(
    (answer) => answer.url().includes('/drafts/') && answer.request().method() === 'PUT',
  )
  await box.fill('您好，积分可以在服务台兑换')
  await saved
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith('shouwen.draft.')) localStorage.removeItem(key)
  })
  await page.reload()
  await expect(box).toHaveValue('您好，积分可以在服务台兑换')
})

test('two people answer at once: the second loses nothing and sees what happened', async ({ page, browser }) => {
  // The stream is cut, so that this desk does not hear of the other one's act.
  await page.routeWebSocket('**/api/v1/stream', () => undefined)
  await choose(page, 'zh-CN')
  await signIn(page, 'agent1', t)
  await page.keyboard.press('Alt+q')
  await page.getByLabel(t('registration.phone')).fill('13900002222')
  await page.getByLabel(t('ticket.field.name')).fill('韩磊')
  await page.getByRole('textbox', { name: t('ticket.field.content'), exact: true }).fill('发票抬头开错')
  await page.getByRole('button', { name: t('registration.save') }).click()
  await page.waitForURL(/\/work\/mine\/\w{13}/)
  const box = page.getByRole('textbox', { name: t('ticket.composer.reply') })
  await box.fill('您好，我马上为您重开')

  const other = await browser.newPage()
  await choose(other, 'zh-CN')
  await signIn(other, 'supervisor1', t)
  await other.goto(page.url())
  await other.getByRole('log').waitFor()
  await other.keyboard.press('n')
  await other.getByRole('textbox', { name: t('ticket.composer.note') }).fill('财务已知悉')
  await other.keyboard.press('Control+Enter')
  await expect(other.getByRole('log')).toContainText('财务已知悉')

  await box.press('Control+Enter')
  await expect(page.getByRole('alert')).toContainText('1 条更新')
  await expect(page.getByRole('alert')).toContainText('财务已知悉')
  await expect(box).toHaveValue('您好，我马上为您重开')
  await page.getByRole('button', { name: t('ticket.form.send_again') }).click()
  await expect(page.getByRole('log')).toContainText('我马上为您重开')
  await expect(box).toHaveValue('')
  await other.close()
})
