import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { choose, languages, password, textsOf } from './desk'

/** Every page of the console, by its name in the menu. */
const pages = {
  work: '/work',
  slips: '/slips',
  tickets: '/tickets',
  register: '/register',
  follow_ups: '/follow-ups',
  customers: '/customers',
  knowledge: '/knowledge',
  improvements: '/improvements',
  figures: '/figures',
  policy: '/settings/policy',
  matrix: '/settings/matrix',
  staff: '/settings/staff',
  webhooks: '/settings/webhooks',
  backups: '/settings/backups',
  audit: '/audit',
} as const
type PageId = keyof typeof pages
const all = Object.keys(pages) as PageId[]
const but = (...missing: PageId[]) => all.filter((id) => !missing.includes(id))

/** What each role finds in its menu; the rest is closed to it, by its address too. */
const roles: [login: string, role: string, menu: PageId[]][] = [
  ['agent1', 'agent', but('figures', 'webhooks', 'backups', 'audit')],
  ['tech1', 'handler of a department', but('register', 'figures', 'webhooks', 'backups', 'audit')],
  ['tech_head', 'head of a department', but('register', 'webhooks', 'backups', 'audit')],
  ['merchant1_agent', "merchant's agent", but('figures', 'webhooks', 'backups', 'audit')],
  ['merchant1_admin', "merchant's head", but('webhooks', 'backups', 'audit')],
  ['supervisor1', 'supervisor', but('webhooks', 'backups', 'audit')],
  ['manager1', 'manager', but('webhooks', 'audit')],
  ['inspector1', 'inspector', but('slips', 'register', 'webhooks', 'backups', 'audit')],
  ['leader1', 'leader', but('slips', 'register', 'webhooks', 'backups', 'audit')],
  ['admin', 'administrator', but('improvements', 'slips', 'register', 'audit')],
  ['auditor1', 'auditor', ['audit']],
]

/** Collects whatever a developer would see red. */
function watch(page: Page): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`))
  page.on('requestfailed', (request) => faults.push(`failed: ${request.method()} ${request.url()}`))
  page.on('response', (answer) => answer.status() >= 400 && faults.push(`${answer.status()}: ${answer.url()}`))
  return faults
}

async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('main').locator('.skeleton')).toHaveCount(0)
  await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0)
}

/** Nothing sticks out at the side, and nothing of one pane lies over the next. */
async function expectToFit(page: Page, where: string): Promise<void> {
  const beyond = await page.evaluate(() =>
    [...document.querySelectorAll('main, main > *, main section, main aside')]
      .filter((part) => part.getBoundingClientRect().right > window.innerWidth + 1)
      .map((part) => part.className),
  )
  expect(beyond, where).toEqual([])
  const overlap = await page.evaluate(() => {
    const middle = document.querySelector('.conversation')
    const side = document.querySelector('.workbench > .side')
    if (!middle || !side) return 0
    const rights = [...middle.querySelectorAll('header, article, textarea, button')].map(
      (part) => part.getBoundingClientRect().right,
    )
    return Math.max(0, ...rights) - side.getBoundingClientRect().left
  })
  expect(overlap, where).toBeLessThanOrEqual(0)
}

const looks = new Map<string, number>()
/** The same page looks alike for most roles: twice, in two languages, is enough. */
async function expectAccessible(page: Page, id: string): Promise<void> {
  const times = looks.get(id) ?? 0
  looks.set(id, times + 1)
  if (times >= 2) return
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(grave.map(({ id: rule, nodes }) => `${id}: ${rule} ${nodes[0]?.html}`)).toEqual([])
}

test.describe.configure({ timeout: 120_000 })

roles.forEach(([login, role, menu], index) => {
  const language = languages[index % languages.length] ?? 'zh-CN'
  test(`${role} finds every page of the menu in order, and no other (${language})`, async ({ page }) => {
    const t = textsOf(language)
    await page.setViewportSize({ width: 1280, height: 800 })
    await choose(page, language, index % 2 ? 'dark' : 'light')
    await page.goto('/')
    await page.getByLabel(t('session.sign_in.login')).fill(login)
    await page.getByLabel(t('session.sign_in.password')).fill(password)
    const faults = watch(page)
    await page.getByRole('button', { name: t('session.sign_in.act') }).click()

    const rail = page.getByRole('navigation', { name: t('app.shell.pages') })
    await expect(rail.getByRole('link')).toHaveText(menu.map((id) => t(`app.page.${id}`)))
    for (const id of menu) {
      await test.step(`opens ${id}`, async () => {
        await rail.getByRole('link', { name: t(`app.page.${id}`), exact: true }).click()
        await expect(page).toHaveTitle(new RegExp(t(`app.page.${id}`)))
        await settled(page)
        await expectToFit(page, id)
        await expectAccessible(page, id)
      })
    }
    if (menu.includes('tickets')) {
      await test.step('opens a ticket, where there is one', async () => {
        await rail.getByRole('link', { name: t('app.page.tickets'), exact: true }).click()
        await settled(page)
        const first = page.getByRole('row').nth(1).getByRole('link')
        if ((await first.count()) === 0) return
        const subject = await first.textContent()
        await first.click()
        await expect(page.getByRole('heading', { level: 1, name: subject ?? '' })).toBeVisible()
        await settled(page)
        await expectToFit(page, 'ticket')
        await expectAccessible(page, 'ticket')
      })
    }
    for (const id of all.filter((one) => !menu.includes(one))) {
      await test.step(`is told that ${id} is closed`, async () => {
        await page.goto(pages[id])
        await expect(page.getByRole('main')).toContainText(t('shared.state.forbidden'))
        await expect(page.getByRole('main').getByRole('link', { name: t('app.absent.back') })).toBeVisible()
      })
    }
    expect(faults).toEqual([])
  })
})

test('nothing of the one before is left for the next person at the desk', async ({ page }) => {
  const t = textsOf('zh-CN')
  await choose(page, 'zh-CN')
  const enter = async (login: string) => {
    await page.getByLabel(t('session.sign_in.login')).fill(login)
    await page.getByLabel(t('session.sign_in.password')).fill(password)
    await page.getByRole('button', { name: t('session.sign_in.act') }).click()
  }
  await page.goto('/')
  await enter('agent1')
  const rows = page.getByRole('listbox').getByRole('option')
  await expect(rows.first()).toBeVisible()
  await page.getByRole('button', { name: t('app.menu.label') }).click()
  await page.getByRole('button', { name: t('app.menu.sign_out') }).click()
  await enter('tech1')
  // Who takes no calls begins with the unit's slips.
  await expect(page.getByRole('region', { name: t('slip.inbox.label') })).toBeVisible()
  await page.getByRole('link', { name: t('app.page.work'), exact: true }).click()
  await expect(page.getByText(t('workbench.empty.mine'))).toBeVisible()
  await expect(rows).toHaveCount(0)
})
