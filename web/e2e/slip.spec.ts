import { expect, test, type Browser, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { choose, languages, signIn, textsOf, type Language } from './desk'
import { Colleague } from './slip_centre'

// Parts of the work go to departments; the owner stays accountable (A8, A14).

type Texts = ReturnType<typeof textsOf>
const shot = (name: string) => ({ path: `test-results/slip-${name}.png` })
const phone = { width: 390, height: 844 }

async function onPhone(browser: Browser, login: string, t: Texts, language: Language, dark = false): Promise<Page> {
  const context = await browser.newContext({ viewport: phone, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await choose(page, language, dark ? 'dark' : 'light')
  await signIn(page, login, t)
  await expect(page.getByRole('heading', { level: 1, name: t('slip.inbox.label') })).toBeVisible()
  return page
}
async function expectNoSideScroll(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(beyond).toBeLessThanOrEqual(0)
}
/** The slip's card in the owner's panel. */
const card = (page: Page, t: Texts, unit: string) =>
  page
    .getByRole('region', { name: t('ticket.slip.panel') })
    .getByRole('listitem')
    .filter({ hasText: unit })

for (const language of languages) {
  test(`A8 a transfer over two departments with one rejection comes to its confirmation (${language})`, async ({
    page,
    browser,
    baseURL,
  }) => {
    test.setTimeout(150_000)
    const t = textsOf(language)
    const subject = `客梯停运 ${language} ${Date.now() % 1_000_000}`
    const agent = await Colleague.signIn(baseURL ?? '', 'agent1')
    const id = await agent.matter(subject)
    await choose(page, language, language === 'zh-TW' ? 'dark' : 'light')
    await signIn(page, 'agent1', t)
    const dialog = page.getByRole('dialog')
    const field = (key: string, part = 0) => dialog.getByLabel(new RegExp(`^${t(`ticket.field.${key}`)}`)).nth(part)

    await test.step('the owner transfers to two units in one act, by keyboard', async () => {
      await page.goto(`/work/mine/${id}`)
      await expect(page.getByRole('heading', { level: 1 })).toContainText(subject)
      await page.keyboard.press('t')
      await expect(field('unit_id')).toBeFocused()
      await expect(field('demand')).toHaveValue('今天内恢复运行，并说明原因')
      // The responsibility matrix has a proposal, says by which rule, and a person confirms it.
      const proposal = dialog.getByRole('region', { name: t('matrix.proposal.label') })
      await expect(proposal).toContainText('报修由技术部牵头')
      await expect(proposal.getByText(t('matrix.proposal.filled_in'))).toBeVisible()
      await expect(field('unit_id').locator('option:checked')).toHaveText('技术部')
      await page.screenshot(shot(`proposal-${language}`))
      await dialog.getByRole('button', { name: t('ticket.slip.add_part') }).press('Enter')
      await expect(field('unit_id', 1)).toBeFocused()
      await field('problem', 1).fill('门机皮带批次有问题')
      await page.keyboard.press('Control+Enter')
      // What is missing is said at its field, and nothing typed is lost, nor by closing.
      await expect(field('unit_id', 1)).toHaveAttribute('aria-invalid', 'true')
      await expectAccessible(page, `transfer ${language}`)
      await page.keyboard.press('Escape')
      await page.keyboard.press('t')
      await expect(field('problem', 1)).toHaveValue('门机皮带批次有问题')
      await field('unit_id', 1).selectOption({ label: '生产部' })
      await field('told_customer').fill('已转技术部抢修、生产部核查，两小时内回电。')
      await page.screenshot(shot(`transfer-${language}`))
      await page.keyboard.press('Control+Enter')
      await expect(dialog).toBeHidden()
      await expect(card(page, t, '技术部')).toContainText(t('ticket.slip.lead'))
      await expect(card(page, t, '生产部')).toContainText(t('ticket.slip_state.issued'))
      await expect(page.getByRole('log')).toContainText('已转技术部抢修')
    })
    const [tech, production] = (await agent.ticket(id)).slips

    await test.step('one unit rejects it on the phone, with a reason of the list', async () => {
      const mobile = await onPhone(browser, 'production1', t, language)
      await mobile.getByRole('link', { name: new RegExp(subject) }).click()
      await expect(mobile).toHaveURL(new RegExp(`/slips/${production?.id}$`))
      await expectAccessible(mobile, `slip ${language}`)
      await mobile.getByRole('button', { name: t('ticket.slip_command.reject'), exact: true }).click()
      const sheet = mobile.getByRole('dialog')
      await mobile.context().setOffline(true)
      await sheet.getByRole('radio').first().check()
      await sheet.getByRole('button', { name: t('ticket.slip_command.reject'), exact: true }).click()
      await expect(sheet.getByRole('alert')).toContainText(t('app.transport.offline.title'))
      await expect(sheet.getByRole('radio').first()).toBeChecked()
      await mobile.screenshot(shot(`reject-${language}`))
      await mobile.context().setOffline(false)
      await sheet.getByRole('button', { name: t('ticket.slip_command.reject'), exact: true }).click()
      await expect(sheet).toBeHidden()
      await expect(mobile.getByText(t('slip.need_long.none'))).toBeVisible()
      await mobile.context().close()
    })

    await test.step('the owner sees it at once and routes that part again', async () => {
      await expect(card(page, t, '生产部')).toContainText(t('ticket.slip_state.rejected'))
      await expect(page.getByText(t('ticket.slip.rejections', { count: '1' }))).toBeVisible()
      await page.keyboard.press('t')
      await field('unit_id').selectOption({ label: '质量管理部' })
      await field('told_customer').fill('改由质量管理部核查。')
      await page.keyboard.press('Control+Enter')
      await expect(dialog).toBeHidden()
      await expect(card(page, t, '质量管理部')).toContainText(t('ticket.slip_state.issued'))
    })

    await test.step('the other signs with one tap and brings it to its end on the phone', async () => {
      const mobile = await onPhone(browser, 'tech1', t, language, language === 'en')
      const row = mobile.getByRole('article').filter({ hasText: subject })
      const sheet = mobile.getByRole('dialog')
      const said = (key: string) => sheet.getByLabel(new RegExp(`^${t(`ticket.field.${key}`)}`))
      async function give(command: string): Promise<void> {
        await sheet.getByRole('button', { name: t(`ticket.slip_command.${command}`), exact: true }).click()
        await expect(sheet).toBeHidden()
      }
      const act = (command: string) => row.getByRole('button', { name: t(`ticket.slip_command.${command}`) })
      await expectNoSideScroll(mobile)
      await expectAccessible(mobile, `inbox ${language}`)
      await mobile.screenshot(shot(`inbox-${language}`))
      const tap = await act('acknowledge').boundingBox()
      expect(tap?.height).toBeGreaterThanOrEqual(44)
      await act('acknowledge').tap()
      await act('appoint_handler').tap()
      await said('handler').selectOption({ label: '赵国强' })
      await give('appoint_handler')
      await act('contact_customer').tap()
      await said('contact_summary').fill('约下午三点上门')
      await give('contact_customer')
      await act('propose').tap()
      await said('solution').fill('更换门机皮带')
      await sheet.getByRole('button', { name: t('shared.moment.two_hours') }).click()
      await give('propose')
      await act('complete').tap()
      await said('slip_summary').fill('已更换并试运行三次')
      await said('result').fill('恢复运行')
      const photo = { name: '现场.txt', mimeType: 'text/plain', buffer: Buffer.from('evidence') }
      await sheet.locator('input[type="file"]').setInputFiles(photo)
      await expect(sheet.getByRole('link', { name: '现场.txt' })).toBeVisible()
      await expect(said('result')).toHaveValue('恢复运行')
      await mobile.screenshot(shot(`complete-${language}`))
      await give('complete')
      await expect(mobile.getByRole('region', { name: t('slip.section.confirm') })).toContainText(subject)
      await mobile.context().close()
    })

    await test.step('the owner returns one, and confirms both in the end', async () => {
      const quality = await Colleague.signIn(baseURL ?? '', 'quality1')
      const third = (await agent.ticket(id)).slips[2]?.id ?? ''
      await quality.giveSlip(third, 'acknowledge')
      await quality.giveSlip(third, 'complete', { summary: '已抽检', result: '批次合格' })
      const button = (unit: string, command: string) =>
        card(page, t, unit).getByRole('button', { name: t(`ticket.slip_command.${command}`), exact: true })
      await button('质量管理部', 'return_for_rework').click()
      await field('reason').fill('请附抽检报告')
      await page.keyboard.press('Control+Enter')
      await expect(card(page, t, '质量管理部')).toContainText(t('ticket.slip.returned', { count: '1' }))
      await quality.giveSlip(third, 'complete', { summary: '报告已附', result: '批次合格' })
      for (const unit of ['质量管理部', '技术部']) {
        await button(unit, 'confirm').click()
        await page.keyboard.press('Enter')
        await expect(dialog).toBeHidden()
        await expect(card(page, t, unit)).toContainText(t('ticket.slip_state.confirmed'))
      }
      await page.goto(`/tickets/${id}`)
      await expect(page.getByText(t('ticket.slip.open_of', { open: '0', all: '3' }))).toBeVisible()
      await expectAccessible(page, `ticket with slips ${language}`)
      await page.screenshot({ ...shot(`ticket-${language}`), fullPage: true })
      expect((await agent.ticket(tech?.id.split('-')[0] ?? '')).slips.map(({ state }) => state)).toEqual([
        'confirmed',
        'rejected',
        'confirmed',
      ])
      await quality.end()
    })
    await agent.end()
  })

  test(`A14 the slip is printed on one page with its facts (${language})`, async ({ page, baseURL }) => {
    const t = textsOf(language)
    const agent = await Colleague.signIn(baseURL ?? '', 'agent1')
    const subject = `打印 ${language} ${Date.now() % 1_000_000}`
    const { slips } = await agent.transfer(await agent.matter(subject), '技术部')
    const tech = await Colleague.signIn(baseURL ?? '', 'tech1')
    const slip = slips[0]
    await tech.giveSlip(slip?.id ?? '', 'acknowledge')
    await choose(page, language, 'dark')
    await signIn(page, 'tech1', t)
    await page.goto(`/slips/${slip?.id}`)
    await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible()
    await page.screenshot(shot(`page-${language}`))
    await expectAccessible(page, `slip beside the inbox ${language}`)

    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
    const [, width, height] = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(pdf) ?? []
    expect(Math.round(Number(width))).toBe(595) // A4 in points
    expect(Math.round(Number(height))).toBe(842)

    await page.emulateMedia({ media: 'print' })
    const sheet = page.getByRole('region', { name: t('slip.print.title') })
    for (const fact of [subject, slip?.number ?? '', '王小明', '138****6621', '技术部', '三号楼客梯停运', '恢复运行'])
      await expect(sheet).toContainText(fact)
    for (const hand of ['owner', 'receiver', 'handler', 'head', 'customer'])
      await expect(sheet).toContainText(t(`slip.print.hand.${hand}`))
    // Nothing else is on the paper, and the paper is white whatever the screen is.
    await expect(page.getByRole('main')).toBeHidden()
    expect(await sheet.evaluate((part) => getComputedStyle(part).color)).toBe('rgb(0, 0, 0)')
    await page.screenshot(shot(`print-${language}`))
    await Promise.all([agent.end(), tech.end()])
  })
}

test('A14 the second rejection is ruled upon by the supervisor; the page offers nobody else the ruling', async ({
  page,
  browser,
  baseURL,
}) => {
  const t = textsOf('zh-CN')
  const agent = await Colleague.signIn(baseURL ?? '', 'agent1')
  const id = await agent.matter(`多次退回 ${Date.now() % 1_000_000}`)
  for (const [unit, login] of [
    ['生产部', 'production1'],
    ['技术部', 'tech1'],
  ] as const) {
    const { slips } = await agent.transfer(id, unit)
    const handler = await Colleague.signIn(baseURL ?? '', login)
    await handler.giveSlip(slips.at(-1)?.id ?? '', 'reject', { reason: 'not_our_matter' })
    await handler.end()
  }
  await choose(page, 'zh-CN')
  await signIn(page, 'agent1', t)
  await page.goto(`/tickets/${id}`)
  await expect(page.getByText(t('ticket.slip.waits_for_ruling'))).toBeVisible()
  await expect(page.getByRole('button', { name: t('ticket.command.rule') })).toHaveCount(0)

  const other = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await choose(other, 'zh-CN')
  await signIn(other, 'supervisor1', t)
  await other.goto(`/tickets/${id}`)
  await other.getByRole('button', { name: t('ticket.command.rule') }).click()
  const dialog = other.getByRole('dialog')
  await expect(dialog.getByRole('heading', { name: t('ticket.command.rule') })).toBeVisible()
  await dialog.getByLabel(new RegExp(`^${t('ticket.field.unit_id')}`)).selectOption({ label: '技术部' })
  await dialog.getByLabel(new RegExp(`^${t('ticket.field.told_customer')}`)).fill('由技术部承办。')
  await other.screenshot(shot('ruling'))
  await dialog.getByRole('button', { name: t('ticket.command.rule') }).click()
  await expect(dialog).toBeHidden()
  // The owner's page, open all the while, knows.
  await expect(page.getByText(t('ticket.slip.ruled'), { exact: true })).toBeVisible()
  await other.context().close()
  await agent.end()
})

test('a slip of another unit is not found, and who has none is told so', async ({ page, baseURL }) => {
  const t = textsOf('zh-CN')
  const agent = await Colleague.signIn(baseURL ?? '', 'agent1')
  const { slips } = await agent.transfer(await agent.matter('别的部门的事'), '技术部')
  await choose(page, 'zh-CN')
  await signIn(page, 'hr1', t)
  await expect(page.getByText(t('slip.inbox.none'))).toBeVisible()
  await expectAccessible(page, 'empty inbox')
  await page.screenshot(shot('empty'))
  await page.goto(`/slips/${slips[0]?.id}`)
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible()
  await expect(page.getByRole('main')).not.toContainText('别的部门的事')
  await agent.end()
})
