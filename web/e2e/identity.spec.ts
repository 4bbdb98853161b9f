import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible'
import { choose, languages, signIn, textsOf } from './desk'
import { Colleague } from './slip_centre'

// What is about an account is answered to whom we know (E3).

for (const language of languages) {
  test(`E3 the policy's questions are asked and repeated back before anything is answered (${language})`, async ({
    page,
    baseURL,
  }) => {
    const t = textsOf(language)
    const agent = await Colleague.signIn(baseURL ?? '', 'agent1')
    const id = await agent.accountMatter(`换绑手机 ${language} ${Date.now() % 1_000_000}`)
    await choose(page, language, language === 'zh-TW' ? 'dark' : 'light')
    await signIn(page, 'agent1', t)
    await page.goto(`/tickets/${id}`)
    const panel = page.getByRole('region', { name: t('ticket.identity.panel') })
    await expect(panel).toContainText(t('ticket.identity.needed'))
    const verify = panel.getByRole('button', { name: t('ticket.identity.verify') })
    await expect(verify).toBeDisabled()
    await panel.getByRole('checkbox').first().check()
    await expect(verify, 'not before it was repeated back').toBeDisabled()
    await expectAccessible(page, `identity ${language}`)
    await page.screenshot({ path: `test-results/identity-${language}.png` })

    await test.step('a number that nobody knows is refused at its field', async () => {
      await panel.getByRole('radio', { name: t('ticket.identity_method.account_no') }).click()
      await panel.getByRole('textbox').fill('A0000 0001')
      await verify.click()
      await expect(panel.getByRole('alert')).toBeVisible()
      await expect(panel.getByRole('textbox')).toHaveValue('A0000 0001')
    })
    await panel.getByRole('radio', { name: t('ticket.identity_method.asked') }).click()
    await panel.getByRole('checkbox', { name: t('ticket.identity.repeated') }).check()
    await verify.click()
    await expect(panel).toContainText(t('ticket.identity_method.asked'))
    await expect(verify).toBeHidden()
    await page.screenshot({ path: `test-results/identity-done-${language}.png` })
    await agent.end()
  })
}
