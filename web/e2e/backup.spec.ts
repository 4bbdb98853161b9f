import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { choose, languages, signIn, textsOf, type Language } from './desk'

async function open(page: Page, language: Language, login = 'admin', theme: 'light' | 'dark' = 'light') {
  const t = textsOf(language)
  await choose(page, language, theme)
  await signIn(page, login, t)
  await page.goto('/settings/backups')
  await page.getByRole('heading', { level: 1, name: t('backup.title') }).waitFor()
  return t
}
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n   ')}`)
}

for (const language of languages)
  test(`B10 whether a backup was restored and found good is said first (${language})`, async ({ page }) => {
    const t = await open(page, language)
    // The server makes the first one as it starts, and restores it at once.
    await expect(page.getByRole('status').filter({ hasText: t('backup.standing.good') })).toBeVisible({
      timeout: 60_000,
    })
    const table = page.getByRole('table', { name: t('backup.list') })
    await expect(table.getByRole('rowheader', { name: t('backup.kind.drill') }).first()).toBeVisible()
    await expect(table.getByText(t('backup.look.verified')).first()).toBeVisible()
    await expect(page.getByText(t('backup.fact.sealed'))).toBeVisible()
    expect(await findings(page)).toEqual([])
  })

test('B10 a manager asks for a backup and a drill and sees them end, by keyboard and in the dark', async ({ page }) => {
  const t = await open(page, 'zh-CN', 'manager1', 'dark')
  const rows = page.getByRole('table', { name: t('backup.list') }).locator('tbody tr')
  await expect(page.getByRole('status').filter({ hasText: t('backup.standing.good') })).toBeVisible({ timeout: 60_000 })
  const before = await rows.count()
  for (const kind of ['backup', 'drill'] as const) {
    const button = page.getByRole('button', { name: t(`backup.act.${kind}`) })
    await expect(button).toBeEnabled()
    await button.focus()
    await page.keyboard.press('Enter')
    await expect(rows.first().getByRole('rowheader')).toHaveText(t(`backup.kind.${kind}`))
    await expect(rows.first()).toContainText(t(`backup.look.${kind === 'drill' ? 'verified' : 'made'}`), {
      timeout: 60_000,
    })
    await expect(button).toBeEnabled()
  }
  await expect(rows).toHaveCount(before + 2)
  await expect(rows.first()).toContainText(/\d/)
  // What the drill found good is the backup that was just made.
  await expect(rows.nth(1)).toContainText(t('backup.look.verified'))
  expect(await findings(page)).toEqual([])
})

test('B10 a failure tells why, and what is not configured tells how', async ({ page }) => {
  const t = await open(page, 'zh-CN')
  const run = {
    id: '0000000000001',
    kind: 'backup',
    state: 'failed',
    cause: 'schedule',
    requested_by: null,
    requested_at: '2026-01-05T02:30:00.000Z',
    started_at: '2026-01-05T02:30:00.000Z',
    ended_at: '2026-01-05T02:30:09.000Z',
    backup: null,
    made_at: null,
    size_bytes: null,
    added_bytes: null,
    files_count: null,
    tickets_count: null,
    is_encrypted: null,
    verified_at: null,
    removed_at: null,
    failure: 'disk_full',
    detail: 'write /mnt/backup/packs/x: no room left',
  }
  const status = {
    is_configured: true,
    is_encrypted: false,
    verified: null,
    newest: null,
    is_overdue: true,
    overdue_at: '2026-01-01T00:00:00.000Z',
    next_backup_at: '2026-01-05T03:00:00.000Z',
    next_drill_at: null,
    open: [],
  }
  let configured = true
  await page.route('**/api/v1/backups/status', (route) =>
    route.fulfill({ json: { ...status, is_configured: configured } }),
  )
  await page.route('**/api/v1/backups?*', (route) =>
    route.fulfill({ json: { items: configured ? [run] : [], next_cursor: null } }),
  )
  await page.reload()
  await expect(page.getByText(t('backup.standing.overdue'))).toBeVisible()
  await expect(page.getByText(t('backup.failure.disk_full'))).toBeVisible()
  await page.getByText(t('backup.detail')).click()
  await expect(page.getByText('no room left')).toBeVisible()
  expect(await findings(page)).toEqual([])
  configured = false
  await page.reload()
  await expect(page.getByText(t('backup.standing.unset'))).toBeVisible()
  await expect(page.getByRole('button', { name: t('backup.act.backup') })).toHaveCount(0)
  expect(await findings(page)).toEqual([])
})
