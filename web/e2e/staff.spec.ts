import { expect, test, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { choose, languages, password, signIn, textsOf } from './desk'

const shot = (name: string) => ({ path: `test-results/staff-${name}.png` })
const desk = { width: 1280, height: 860 }

/** The staff page, as the person who keeps it. */
async function openStaff(page: Page, t: ReturnType<typeof textsOf>, login = 'admin'): Promise<void> {
  await page.setViewportSize(desk)
  await signIn(page, login, t)
  await page.goto('/settings/staff')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('organisation.title'))
  await expect(page.getByRole('row').nth(1)).toBeVisible()
}
/** A label with whatever follows it: a star, a hint. */
const begins = (text: string) => new RegExp(`^${text}(?! again)`)
const find = async (page: Page, t: ReturnType<typeof textsOf>, what: string) => {
  await page.getByRole('searchbox', { name: t('organisation.staff.search') }).fill(what)
  await expect(page.getByRole('row')).toHaveCount(2)
}

for (const [index, language] of languages.entries()) {
  const t = textsOf(language)
  const theme = language === 'zh-TW' ? 'dark' : 'light'

  test(`a new colleague gets an account, a one-time password and then an own one (${language})`, async ({
    page,
    browser,
  }) => {
    const login = `new${Date.now() % 10_000_000}${index}`
    const name = `沈一诺${index}`
    await choose(page, language, theme)
    await openStaff(page, t)
    await expectAccessible(page, `staff ${language}`)
    await page.screenshot(shot(`list-${language}`))

    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: t('organisation.staff.add') }).click()
    // Everything that is wrong is told at its field, and nothing typed is lost.
    await dialog.getByLabel(t('organisation.staff.login')).fill('A B')
    await dialog.getByRole('button', { name: t('shared.act.save') }).click()
    await expect(dialog.getByRole('alert')).toBeVisible()
    await expect(dialog.getByLabel(begins(t('ticket.field.name')))).toHaveAttribute('aria-invalid', 'true')
    await expect(dialog.getByLabel(t('organisation.staff.login'))).toHaveValue('A B')
    await page.screenshot(shot(`bad-${language}`))
    await expectAccessible(page, `staff form ${language}`)

    await dialog.getByLabel(begins(t('ticket.field.name'))).fill(name)
    await dialog
      .getByLabel(begins(t('organisation.staff.unit')))
      .first()
      .selectOption({ label: '热线组' })
    await dialog.getByRole('button', { name: t('shared.act.save') }).click()
    await expect(dialog.getByLabel(t('organisation.staff.login'))).toHaveAttribute('aria-invalid', 'true')
    await dialog.getByLabel(t('organisation.staff.login')).fill(login)
    await dialog.getByRole('checkbox', { name: t('organisation.role.agent'), exact: true }).check()
    // Escape asks before it throws away what was typed.
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: t('shared.unsaved.stay') }).click()
    await dialog.getByRole('button', { name: t('shared.act.save') }).click()
    const once = dialog.locator('code')
    await expect(once).toHaveText(/^[a-z0-9]{4}(-[a-z0-9]{4}){3}$/)
    const oneTime = (await once.textContent()) ?? ''
    await page.screenshot(shot(`created-${language}`))
    await expectAccessible(page, `created ${language}`)
    await dialog
      .getByRole('button', { name: t('shared.act.close') })
      .last()
      .click()

    const other = await browser.newContext({ viewport: desk })
    const fresh = await other.newPage()
    await choose(fresh, language, theme)
    await fresh.goto('/')
    await fresh.getByLabel(t('session.sign_in.login')).fill(login)
    await fresh.getByLabel(t('session.sign_in.password')).fill(oneTime)
    await fresh.getByRole('button', { name: t('session.sign_in.act') }).click()
    await expect(fresh.getByRole('heading', { level: 1 })).toHaveText(t('session.one_time.title'))
    await fresh.goto('/customers') // no way around it
    await expect(fresh.getByRole('heading', { level: 1 })).toHaveText(t('session.one_time.title'))
    await expectAccessible(fresh, `one-time ${language}`)
    await fresh.getByLabel(t('session.password.current')).fill(oneTime)
    await fresh.getByLabel(begins(t('session.password.new'))).fill('short')
    await fresh.getByLabel(t('session.password.again')).fill('short')
    await fresh.getByRole('button', { name: t('session.password.save') }).click()
    await expect(fresh.getByLabel(begins(t('session.password.new')))).toHaveAttribute('aria-invalid', 'true')
    await fresh.screenshot(shot(`own-password-${language}`))
    await fresh.getByLabel(begins(t('session.password.new'))).fill('my very own words')
    await fresh.getByLabel(t('session.password.again')).fill('my very own words')
    await fresh.getByRole('button', { name: t('session.password.save') }).click()
    await expect(fresh.getByRole('heading', { level: 1 })).toHaveText(t('app.page.customers'))
    await other.close()
  })
}

const t = textsOf('zh-CN')

test('roles, a reset, sign-ins and an account switched off and on', async ({ page, browser }) => {
  await choose(page, 'zh-CN', 'dark')
  await openStaff(page, t)
  await find(page, t, 'agent4')
  await page.getByRole('button', { name: /^编辑/ }).click()
  const dialog = page.getByRole('dialog')
  const remove = dialog.getByRole('button', { name: t('shared.act.remove') })
  if ((await remove.count()) > 0) {
    // Left by a run before on the same store.
    while ((await remove.count()) > 0) await remove.first().click()
    await dialog.getByRole('button', { name: t('shared.act.save') }).click()
    await expect(dialog.getByRole('status').first()).toHaveText(t('organisation.staff.saved'))
  }
  await dialog.getByRole('button', { name: t('organisation.staff.unit_role_add') }).click()
  await dialog.getByLabel(t('organisation.staff.role'), { exact: true }).selectOption('handler')
  await dialog.getByLabel(t('organisation.staff.unit'), { exact: true }).last().selectOption({ label: '技术部' })
  await dialog.getByRole('button', { name: t('shared.act.save') }).click()
  await expect(dialog.getByRole('status').first()).toHaveText(t('organisation.staff.saved'))
  await expect(page.getByRole('row').nth(1)).toContainText('技术部')

  // Somebody is signed in: seen, and sent out.
  const other = await browser.newContext()
  const agent = await other.newPage()
  await choose(agent, 'zh-CN')
  await signIn(agent, 'agent4', t)
  await dialog.getByRole('button', { name: t('shared.act.close') }).click()
  await page.getByRole('button', { name: /^编辑/ }).click()
  const sessions = dialog.getByRole('region', { name: t('organisation.staff.sessions') })
  await expect(sessions.getByRole('listitem')).toHaveCount(1)
  await expect(sessions).toContainText('127.0.0.1')
  await page.screenshot(shot('person-dark'))
  await expectAccessible(page, 'person')
  await sessions.getByRole('button').click()
  await expect(sessions).toContainText(t('session.list.none'))
  await expect(agent.getByRole('dialog')).toContainText(t('session.expired.title')) // at once, by the push
  await other.close()

  await dialog.getByRole('button', { name: t('organisation.staff.disable') }).click()
  await dialog.getByRole('button', { name: t('organisation.staff.disable') }).click()
  const account = dialog.getByRole('region', { name: t('organisation.staff.account') })
  await expect(account.getByRole('alert').or(account.getByText(t('organisation.staff.account_off')))).toBeVisible()
  if (await account.getByRole('alert').isVisible()) {
    // The demo gives this agent open tickets: they are handed over first (A4).
    await expect(account.getByRole('alert')).toContainText('未归档工单')
    await page.screenshot(shot('refused-dark'))
    await account.getByRole('link').click()
    await expect(page).toHaveURL(/owner_id=/)
    await expect(page.getByRole('link', { name: /责任人/ })).toBeVisible()
    await page.screenshot(shot('open-tickets-dark'))
  } else {
    await account.getByRole('button', { name: t('organisation.staff.enable') }).click()
    await expect(account.getByText(t('organisation.staff.account_on'))).toBeVisible()
  }
})

test('units, areas and streets are made and changed', async ({ page }) => {
  const mark = Date.now() % 1_000_000
  await choose(page, 'zh-CN')
  await openStaff(page, t)
  const dialog = page.getByRole('dialog')
  const save = dialog.getByRole('button', { name: t('shared.act.save') })

  await page.getByRole('tab', { name: t('organisation.unit.title') }).click()
  await page.screenshot(shot('units-light'))
  await page.getByRole('button', { name: t('organisation.unit.add') }).click()
  await dialog.getByLabel(t('ticket.field.name')).fill(`夜班${mark}`)
  await dialog.getByLabel(t('organisation.unit.kind')).selectOption('team')
  await save.click()
  await expect(dialog.getByLabel(t('organisation.unit.parent'))).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel(t('organisation.unit.parent')).selectOption({ label: '客服部' })
  await dialog.getByLabel(t('organisation.unit.time_zone')).fill('Mars/Olympus')
  await save.click()
  await expect(dialog.getByLabel(t('organisation.unit.time_zone'))).toHaveAttribute('aria-invalid', 'true')
  await page.screenshot(shot('unit-bad-light'))
  await expectAccessible(page, 'unit form')
  await dialog.getByLabel(t('organisation.unit.time_zone')).fill('')
  await save.click()
  await expect(dialog).toBeHidden()
  await page.getByRole('button', { name: t('organisation.unit.edit', { name: `夜班${mark}` }) }).click()
  await dialog.getByLabel(t('ticket.field.name')).fill(`早班${mark}`)
  await save.click()
  await expect(page.getByText(`早班${mark}`, { exact: true }).first()).toBeVisible()

  await page.getByRole('tab', { name: t('organisation.area.title') }).click()
  await page.getByRole('button', { name: t('organisation.area.add'), exact: true }).click()
  await dialog.getByLabel(t('ticket.field.name')).fill(`河湾${mark}`)
  await save.click()
  await page.getByRole('button', { name: new RegExp(`新增街道.*河湾${mark}`) }).click()
  await dialog.getByLabel(t('ticket.field.name')).fill(`湾头街${mark}`)
  await save.click()
  await page.getByRole('button', { name: t('organisation.area.edit', { name: `湾头街${mark}` }) }).click()
  await dialog.getByLabel(t('ticket.field.name')).fill(`湾尾街${mark}`)
  await save.click()
  await expect(page.getByRole('button', { name: t('organisation.area.edit', { name: `湾尾街${mark}` }) })).toBeVisible()
  await page.screenshot(shot('areas-light'))
  await expectAccessible(page, 'areas')
})

test('everybody sees the own sign-ins and changes the own password', async ({ page, browser }) => {
  await choose(page, 'zh-CN')
  await page.setViewportSize(desk)
  await signIn(page, 'hr1', t)
  const other = await browser.newContext()
  const elsewhere = await other.newPage()
  await choose(elsewhere, 'zh-CN')
  await signIn(elsewhere, 'hr1', t)

  await page.getByRole('button', { name: t('app.menu.label') }).click()
  await page.getByRole('button', { name: t('app.menu.account') }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText(t('session.list.current'))).toHaveCount(1)
  await page.screenshot(shot('account-light'))
  await expectAccessible(page, 'account')
  await dialog
    .getByRole('button', { name: /^结束在/ })
    .first()
    .click()
  await expect(elsewhere.getByRole('dialog')).toContainText(t('session.expired.title'))
  await other.close()

  await dialog.getByLabel(t('session.password.current')).fill('not mine')
  await dialog.getByLabel(begins(t('session.password.new'))).fill(password)
  await dialog.getByLabel(t('session.password.again')).fill(password)
  await dialog.getByRole('button', { name: t('session.password.save') }).click()
  await expect(dialog.getByLabel(t('session.password.current'))).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel(t('session.password.current')).fill(password)
  await dialog.getByRole('button', { name: t('session.password.save') }).click()
  await expect(dialog.getByText(t('session.password.done'))).toBeVisible()
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(page.getByRole('button', { name: t('app.menu.label') })).toBeVisible()
})

test('who may not edit staff reads, and finds no way to write', async ({ page }) => {
  await choose(page, 'zh-CN')
  await openStaff(page, t, 'agent1')
  await expect(page.getByRole('button', { name: t('organisation.staff.add') })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^编辑/ })).toHaveCount(0)
  await page.getByRole('tab', { name: t('organisation.unit.title') }).click()
  await expect(page.getByRole('button', { name: t('organisation.unit.add') })).toHaveCount(0)
  await page.screenshot(shot('reader-light'))
})
