import { expect, test, type Browser, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { choose, languages, signIn, textsOf, type Language } from './desk'
import { Colleague } from './slip_centre'

// The owner explains and names a successor; only the successor's yes moves the ownership (A4).

type Texts = ReturnType<typeof textsOf>
const shot = (name: string) => ({ path: `test-results/hand-over-${name}.png` })
const band = (page: Page, t: Texts) => page.getByRole('region', { name: t('ticket.hand_over.label') })

async function atDesk(
  browser: Browser,
  login: string,
  t: Texts,
  language: Language,
  { phone = false, dark = false } = {},
): Promise<Page> {
  const viewport = phone ? { width: 390, height: 844 } : { width: 1440, height: 900 }
  const page = await (await browser.newContext({ viewport, hasTouch: phone, isMobile: phone })).newPage()
  await choose(page, language, dark ? 'dark' : 'light')
  await signIn(page, login, t)
  return page
}
async function expectNoSideScroll(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(beyond).toBeLessThanOrEqual(0)
}

for (const language of languages) {
  test(`A4 a ticket is offered, declined, offered again and taken over, by keyboard (${language})`, async ({
    page,
    browser,
    baseURL,
  }) => {
    const t = textsOf(language)
    const subject = `交接 ${language} ${Date.now() % 1_000_000}`
    const agent = await Colleague.signIn(baseURL ?? '', 'agent1')
    const id = await agent.matter(subject)
    await choose(page, language, language === 'zh-TW' ? 'dark' : 'light')
    await signIn(page, 'agent1', t)
    const dialog = page.getByRole('dialog')
    const successor = dialog.getByRole('combobox')
    const words = dialog.getByLabel(new RegExp(`^${t('ticket.field.explanation')}`))

    await test.step('the owner names a colleague; how the matter stands is written already', async () => {
      await page.goto(`/tickets/${id}`)
      await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible()
      await page.keyboard.press('h')
      await expect(successor).toBeFocused()
      await expect(words).toHaveValue(new RegExp(t('ticket.obligation.plan')))
      await page.keyboard.press('Control+Enter')
      await expect(successor).toHaveAttribute('aria-invalid', 'true')
      await successor.fill('马骏')
      await expect(dialog.getByRole('option')).toHaveCount(1)
      await expectAccessible(page, `successor ${language}`)
      await page.screenshot(shot(`form-${language}`))
      await page.keyboard.press('Enter')
      await expect(successor).toHaveValue('马骏飞')
      await words.fill('已约周三上门，备件在前台')
      await page.keyboard.press('Control+Enter')
      await expect(dialog).toBeHidden()
      await expect(band(page, t)).toContainText('马骏飞')
      await expect(band(page, t)).toContainText('已约周三上门，备件在前台')
      await expectAccessible(page, `offered ${language}`)
    })

    const other = await atDesk(browser, 'agent2', t, language, { phone: language === 'en', dark: language !== 'zh-CN' })
    const said = other.getByRole('dialog')
    await test.step('the successor declines with a reason', async () => {
      await other.goto(`/tickets/${id}`)
      await expect(band(other, t)).toContainText(t('ticket.hand_over.to_answer'))
      await expectNoSideScroll(other)
      await other.screenshot(shot(`asked-${language}`))
      await other.keyboard.press('d')
      await said.getByRole('textbox').fill('本班即将结束')
      await other.keyboard.press('Control+Enter')
      await expect(said).toBeHidden()
      await expect(band(other, t)).toHaveCount(0)
    })

    await test.step('the owner sees it, offers again, takes it back, and offers once more', async () => {
      await expect(band(page, t)).toHaveCount(0)
      await expect(page.getByText('本班即将结束')).toBeVisible()
      for (const round of [1, 2]) {
        await page.keyboard.press('h')
        await successor.fill('agent2')
        await page.keyboard.press('Enter')
        await expect(successor).toHaveValue('马骏飞')
        await page.keyboard.press('Control+Enter')
        await expect(dialog).toBeHidden()
        if (round === 2) break
        await band(page, t)
          .getByRole('button', { name: t('ticket.command.withdraw_hand_over') })
          .click()
        await page.keyboard.press('Enter')
        await expect(band(page, t)).toHaveCount(0)
      }
    })

    await test.step('and the successor takes it over', async () => {
      await expect(band(other, t)).toBeVisible()
      await other.keyboard.press('y')
      await expect(said).toBeVisible()
      await other.keyboard.press('Enter')
      await expect(band(other, t)).toHaveCount(0)
      await expect(band(page, t)).toHaveCount(0)
      const { owner } = (await agent.ticket(id)) as unknown as { owner: { name: string } }
      expect(owner.name).toBe('马骏飞')
    })
    await other.context().close()
    await agent.end()
  })
}
