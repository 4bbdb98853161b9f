import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { choose, languages, signIn, textsOf } from './desk'

/** A call by the agent, from the ring to the archive, with the keyboard (E1, A2, A10, E10, E11). */
for (const language of languages) {
  test(`E11 a call goes through all five steps by keyboard (${language})`, async ({ page }) => {
    const t = textsOf(language)
    const mark = `${Date.now() % 1_000_000}`
    await choose(page, language, language === 'en' ? 'dark' : 'light')
    await signIn(page, 'agent1', t)

    const dialog = page.getByRole('dialog')
    const step = (name: string) => page.locator('[aria-current="step"]', { hasText: t(`shared.step.${name}`) })
    async function give(command: string, fields: Record<string, string>): Promise<void> {
      await expect(dialog).toContainText(t(`ticket.command.${command}`))
      for (const [field, text] of Object.entries(fields)) await dialog.getByLabel(t(`ticket.field.${field}`)).fill(text)
      await page.keyboard.press('Control+Enter')
      await expect(dialog).toBeHidden()
    }

    await test.step('the call is registered in under 30 seconds', async () => {
      const startedAt = Date.now()
      await page.keyboard.press('Alt+q')
      await expect(page.getByLabel(t('registration.phone'))).toBeFocused()
      await page.keyboard.type(`139${mark.padStart(8, '7')}`)
      await page.keyboard.press('Tab')
      await page.keyboard.type(`王小明${mark}`)
      await page.keyboard.press('Tab')
      await page.keyboard.press('5') // repair
      await page.keyboard.press('Tab')
      await page.keyboard.type('客梯停运，老人上不了楼。请尽快派人来修。')
      await page.keyboard.press('Control+Enter')
      await page.waitForURL(/\/work\/mine\/\w{13}/)
      expect(Date.now() - startedAt).toBeLessThan(30_000)
      await expect(step('triage')).toBeVisible()
      await expect(page.getByRole('heading', { level: 1 })).toContainText('客梯停运')
    })

    await test.step('triage', async () => {
      await page.keyboard.press('e')
      await dialog.getByLabel(t('ticket.field.category')).selectOption({ index: 1 })
      await dialog.getByRole('radio', { name: t('ticket.grade.L2') }).click()
      await give('classify', {})
      await expect(step('handling')).toBeVisible()
    })

    await test.step('words to the customer, a note and a promise', async () => {
      await page.keyboard.press('r')
      await page.keyboard.type('您好，维修人员已经出发。')
      await page.keyboard.press('Control+Enter')
      await expect(page.getByRole('log')).toContainText('维修人员已经出发')
      await page.keyboard.press('Escape')
      await page.keyboard.press('n')
      await page.keyboard.type('门机故障，配件在库。')
      await page.keyboard.press('Control+Enter')
      await expect(page.getByRole('log')).toContainText('配件在库')
      await page.keyboard.press('Escape')
    })

    await test.step('solution, agreement, work, result, rating', async () => {
      await page.keyboard.press('s')
      await expect(dialog).toBeVisible()
      await dialog.getByRole('button', { name: t('shared.moment.two_hours') }).click()
      await give('propose_solution', { solution: '更换门机皮带', steps: '断电、更换、试运行' })
      await page.keyboard.press('e')
      await give('record_agreement', {})
      await page.keyboard.press('e')
      await give('finish_implementation', { summary: '已更换并试运行三次' })
      await expect(step('feedback')).toBeVisible()
      await page.keyboard.press('e')
      await give('give_result', { handling: '现场检查', solution: '更换皮带', result: '电梯恢复运行' })
      await page.keyboard.press('e')
      await dialog.getByRole('radio', { name: '5' }).click()
      await give('rate', {})
    })

    const url = page.url()
    const id = url.slice(url.lastIndexOf('/') + 1)
    await test.step('the page of the ticket shows the chain; then it is archived', async () => {
      await page.goto(`/tickets/${id}`)
      await expect(page.getByRole('img', { name: t('ticket.ledger.label') })).toBeVisible()
      await page.screenshot({ path: `test-results/ticket-${language}.png`, fullPage: true })
      const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
      expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
      await page.keyboard.press('e')
      await give('archive', {})
      await expect(page.locator('[aria-current="step"]')).toContainText(t('shared.step.archived'))
    })
  })
}
