import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible'
import { choose, languages, signIn, textsOf } from './desk'
import { Colleague } from './slip_centre'

// After the result the customer is asked what it was like, and whether it came back (D12); what is wanting is mended (D13).

const shot = (name: string) => ({ path: `test-results/follow-up-${name}.png` })

/** A result told, with which the customer is not content; then another one. */
async function toldTwice(agent: Colleague, subject: string): Promise<string> {
  const id = await agent.matter(subject)
  const tell = async () => {
    const expected_at = new Date(Date.now() + 4 * 3_600_000).toISOString()
    await agent.give(id, 'propose_solution', { solution: '更换门机', steps: '停梯、更换、试运行', expected_at })
    await agent.give(id, 'record_agreement', { agreed: true })
    await agent.give(id, 'finish_implementation', { summary: '已更换门机' })
    await agent.give(id, 'give_result', { handling: '派修', solution: '更换门机', result: '三号梯恢复运行' })
  }
  await tell()
  await agent.give(id, 'rate', { score: 1, reason: '第二天又停了', source: 'phone' })
  await tell()
  return id
}

for (const language of languages) {
  test(`D12 a dissatisfied customer is revisited, and recurrence sends the ticket back (${language})`, async ({
    page,
    baseURL,
  }) => {
    test.setTimeout(120_000)
    const t = textsOf(language)
    const subject = `回访客梯 ${language} ${Date.now() % 1_000_000}`
    const agent = await Colleague.signIn(baseURL ?? '', 'agent1')
    const ticket = await toldTwice(agent, subject)
    if (language === 'en') await page.setViewportSize({ width: 390, height: 844 })
    await choose(page, language, language === 'zh-TW' ? 'dark' : 'light')
    await signIn(page, 'agent1', t)
    await page.goto('/follow-ups')
    await page.getByRole('button', { name: t('follow_up.view.due'), exact: true }).click()
    const row = page.getByRole('link', { name: new RegExp(subject) }).first()
    await expect(async () => {
      const more = page.getByRole('button', { name: t('shared.act.more') })
      if (!(await row.isVisible()) && (await more.isVisible())) await more.click()
      await expect(row).toBeVisible({ timeout: 500 })
    }).toPass()
    await expectAccessible(page, `follow-ups ${language}`)
    await row.click()
    const form = page.getByRole('form', { name: t('follow_up.form') })
    const outcome = form.getByRole('radiogroup', { name: new RegExp(t('follow_up.field.outcome')) })
    await expect(page.getByRole('region', { name: t('follow_up.told') })).toContainText('更换门机')

    await test.step('by keyboard; what is missing is said, and what was typed survives a reload', async () => {
      await outcome.getByRole('radio').first().focus()
      await page.keyboard.press('1')
      await form.getByLabel(new RegExp(`^${t('follow_up.field.experience')}`)).fill('修好两天后又停在二楼')
      await page.keyboard.press('Control+Enter')
      await expect(
        form.getByRole('radiogroup', { name: new RegExp(t('follow_up.field.satisfaction')) }),
      ).toHaveAttribute('aria-invalid', 'true')
      await page.screenshot(shot(`form-${language}`))
      await expectAccessible(page, `call ${language}`)
      await page.reload()
      await expect(form.getByLabel(new RegExp(`^${t('follow_up.field.experience')}`))).toHaveValue(
        '修好两天后又停在二楼',
      )
    })
    await form.getByRole('radio', { name: t('follow_up.score.2') }).click()
    await form.getByRole('radio', { name: t('ticket.recurred.true') }).click()
    await form.getByRole('radio', { name: t('follow_up.way.rework') }).click()
    await form.getByRole('button', { name: new RegExp(`^${t('follow_up.send')}`) }).click()
    await expect(page.getByRole('region', { name: t('follow_up.attempts') })).toContainText('修好两天后又停在二楼')
    await page.screenshot(shot(`done-${language}`))
    const after = (await agent.ticket(ticket)) as unknown as { step: string }
    expect(after.step).toBe('handling')

    await test.step('D13 an improvement item comes from it', async () => {
      await page.getByRole('link', { name: t('follow_up.improve') }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(new RegExp(`^${t('improvement.field.title')}`)).fill(`门机批次 ${subject}`)
      await dialog.getByLabel(new RegExp(`^${t('improvement.field.measure')}`)).fill('更换同批次门机并每周巡检')
      const owner = t('improvement.field.owner_id')
      await dialog.getByLabel(`${owner} ${t('improvement.field.unit')}`).selectOption({ label: '技术部' })
      await dialog
        .getByLabel(new RegExp(`^${owner}`))
        .last()
        .selectOption({ index: 1 })
      const checker = t('improvement.field.checker_id')
      await dialog.getByLabel(`${checker} ${t('improvement.field.unit')}`).selectOption({ label: '服务监察部' })
      await dialog
        .getByLabel(new RegExp(`^${checker}`))
        .last()
        .selectOption({ index: 1 })
      const day = (days: number) => `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T10:00`
      await dialog.getByLabel(new RegExp(`^${t('improvement.field.due_at')}`)).fill(day(7))
      await dialog.getByLabel(new RegExp(`^${t('improvement.field.check_at')}`)).fill(day(30))
      await page.screenshot(shot(`improvement-form-${language}`))
      await expectAccessible(page, `new improvement ${language}`)
      await dialog.getByRole('button', { name: t('improvement.save') }).click()
      await expect(page.getByRole('heading', { level: 1 })).toContainText('门机批次')
      await expectAccessible(page, `improvement ${language}`)
      await page.screenshot(shot(`improvement-${language}`))
      await page.goto('/improvements')
      await expect(page.getByRole('link', { name: new RegExp(`门机批次 ${subject}`) })).toBeVisible()
      await expectAccessible(page, `improvements ${language}`)
      await page.screenshot(shot(`improvements-${language}`))
    })
    await agent.end()
  })
}
