import { expect, test, type APIRequestContext, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { choose, languages, password, signIn, textsOf } from './desk'

const shot = (name: string) => ({ path: `test-results/customer-${name}.png` })
const desk = { width: 1280, height: 860 }
const begins = (text: string) => new RegExp(`^${text}`)
type Texts = ReturnType<typeof textsOf>

/** Another member of the staff, at work through the API. */
async function colleague(request: APIRequestContext, login: string) {
  const answer = await request.post('/api/v1/session', { data: { login, password } })
  const { csrf_token } = (await answer.json()) as { csrf_token: string }
  return { 'X-CSRF-Token': csrf_token }
}
const field = (page: Page, t: Texts, name: string) =>
  page.getByRole('dialog').getByLabel(begins(t(`customer.field.${name}`)))

for (const [index, language] of languages.entries()) {
  const t = textsOf(language)

  test(`A10 a file is made, corrected and looked into on record (${language})`, async ({
    page,
    playwright,
    baseURL,
  }) => {
    const mark = String(Date.now() % 10_000_000).padStart(7, '0')
    const phone = `137${index}${mark}`
    await choose(page, language, language === 'zh-TW' ? 'dark' : 'light')
    await page.setViewportSize(desk)
    await signIn(page, 'agent1', t)
    await page.goto('/customers')
    await expect(page.getByRole('row').nth(1)).toBeVisible()
    await expectAccessible(page, `customers ${language}`)
    await page.screenshot(shot(`list-${language}`))

    const dialog = page.getByRole('dialog')
    const save = dialog.getByRole('button', { name: t('shared.act.save') })
    await test.step('what is wrong is told at its field, and what was typed stays', async () => {
      await page.getByRole('button', { name: t('customer.edit.new') }).click()
      await field(page, t, 'name').fill(`林静怡${mark}`)
      await field(page, t, 'phone').fill('12x')
      await field(page, t, 'email').fill('no address')
      await save.click()
      await expect(field(page, t, 'phone')).toHaveAttribute('aria-invalid', 'true')
      await expect(field(page, t, 'email')).toHaveAttribute('aria-invalid', 'true')
      await expect(field(page, t, 'name')).toHaveValue(`林静怡${mark}`)
      await page.screenshot(shot(`bad-${language}`))
      await expectAccessible(page, `customer form ${language}`)
      await field(page, t, 'phone').fill(phone)
      await field(page, t, 'email').fill('')
      await field(page, t, 'address').fill('启明广场 3 号楼 1204 室')
      await field(page, t, 'tags').fill('VIP')
      await field(page, t, 'tags').press('Enter')
      await field(page, t, 'note').fill('下午三点以后再打电话')
      await save.click()
      await expect(page.getByRole('heading', { level: 1 })).toContainText(`林静怡${mark}`)
      await expect(page.getByText(phone)).toHaveCount(0)
    })

    await test.step('the same number again leads to the file that is there', async () => {
      const here = page.url()
      await page.goto('/customers')
      await page.getByRole('button', { name: t('customer.edit.new') }).click()
      await field(page, t, 'name').fill('另一位')
      await field(page, t, 'phone').fill(phone)
      await save.click()
      await dialog.getByRole('link', { name: t('customer.edit.open_existing') }).click()
      await expect(page).toHaveURL(here)
      await page.goto('/customers')
      await page.getByRole('searchbox').fill(phone.slice(-4))
      await expect(page.getByRole('link', { name: `林静怡${mark}` })).toBeVisible()
      await page.goto(here)
    })

    await test.step('a look behind the mask takes a reason and is shown to all', async () => {
      await page.getByRole('button', { name: t('customer.reveal.act', { field: t('customer.field.phone') }) }).click()
      await dialog.getByLabel(t('customer.reveal.reason')).fill('回拨核对上门时间')
      await dialog.getByRole('button', { name: t('customer.reveal.confirm') }).click()
      await expect(page.getByText(phone)).toBeVisible()
      await expect(page.getByText('回拨核对上门时间')).toBeVisible()
      await page.getByRole('button', { name: t('customer.reveal.cover') }).click()
      await expect(page.getByText(phone)).toHaveCount(0)
    })

    await test.step('somebody else was quicker: nothing typed is lost, and both versions are seen', async () => {
      const id = page.url().split('/').at(-1) ?? ''
      await page.getByRole('button', { name: t('customer.edit.act') }).click()
      await field(page, t, 'name').fill(`林静仪${mark}`)
      const request = await playwright.request.newContext({ baseURL })
      const headers = await colleague(request, 'agent2')
      const file = (await (await request.get(`/api/v1/customers/${id}`)).json()) as Record<string, unknown>
      const { phone: masked, email, account_no, address, language: spoken, note } = file
      const other = await request.put(`/api/v1/customers/${id}`, {
        headers: { ...headers, 'If-Match': `"${String(file.version)}"` },
        data: {
          name: `林静宜${mark}`,
          phone: masked,
          email,
          account_no,
          address,
          language: spoken,
          note,
          tags: ['会员'],
        },
      })
      expect(other.status(), await other.text()).toBe(200)
      await request.dispose()

      await save.click()
      await expect(dialog.getByRole('alert')).toContainText(t('customer.edit.stale'))
      await expect(field(page, t, 'name')).toHaveValue(`林静仪${mark}`)
      await expect(dialog.getByText(t('customer.edit.theirs', { value: `林静宜${mark}` }))).toBeVisible()
      await expect(dialog.getByText('会员', { exact: true })).toBeVisible()
      await page.screenshot(shot(`stale-${language}`))
      await expectAccessible(page, `stale ${language}`)
      await dialog.getByRole('button', { name: t('customer.edit.save_anyway') }).click()
      await expect(page.getByRole('heading', { level: 1 })).toContainText(`林静仪${mark}`)
      await expect(page.locator('h1')).toContainText('会员')
      await page.screenshot(shot(`file-${language}`))
      await expectAccessible(page, `file ${language}`)
    })
  })
}

const t = textsOf('zh-CN')

test('C6 who may not edit or look reads, and a lost line loses nothing', async ({ page, context }) => {
  await choose(page, 'zh-CN', 'dark')
  await page.setViewportSize(desk)
  await signIn(page, 'leader1', t)
  await page.goto('/customers')
  await page.getByRole('row').nth(1).getByRole('link').click()
  await page.waitForURL(/\/customers\/\w{13}$/)
  await expect(page.getByText(t('customer.page.facts'))).toBeVisible()
  await expect(page.getByRole('button', { name: t('customer.edit.act') })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^查看/ })).toHaveCount(0)
  await page.screenshot(shot('reader-dark'))
  const file = page.url()
  await page.getByRole('button', { name: t('app.menu.label') }).click()
  await page.getByRole('button', { name: t('app.menu.sign_out') }).click()
  await page.getByLabel(t('session.sign_in.login')).waitFor() // signing out loads the page anew

  await signIn(page, 'agent1', t)
  await page.goto(file)
  await page.getByRole('button', { name: t('customer.edit.act') }).click()
  await field(page, t, 'note').fill('写到一半断网')
  await context.setOffline(true)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('shared.act.save') })
    .click()
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
  await expect(field(page, t, 'note')).toHaveValue('写到一半断网')
  await page.screenshot(shot('offline-dark'))
  await context.setOffline(false)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('shared.act.save') })
    .click()
  await expect(page.getByText('写到一半断网').first()).toBeVisible()
})
