import { readFileSync } from 'node:fs'
import { expect, test, type Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import { choose, languages, signIn, textsOf } from './desk'
import { expectNoSideScroll, lookAgain, texts } from './portal_centre'

const shot = (name: string) => ({ path: `test-results/files-${name}.png` })
const desk = { width: 1280, height: 860 }

/** A picture that a browser would draw, one point large. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const program = Buffer.concat([
  Buffer.from('MZ'),
  Buffer.alloc(58),
  Buffer.from([0x40, 0, 0, 0]),
  Buffer.from('PE\0\0\x64\x86', 'latin1'),
  Buffer.alloc(64),
])
const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })

async function makeRequest(page: Page): Promise<{ number: string; secret: string; ticket_id: string }> {
  const answer = await page.request.post('/api/v1/public/requests', {
    data: {
      subject: '停车费多收了',
      content: '昨天停了两小时，收了五小时的钱，小票还在。',
      customer: { name: '林静怡', phone: '13900004821' },
      class: 'complaint',
      consent: true,
    },
  })
  expect(answer.status(), await answer.text()).toBe(201)
  return (await answer.json()) as { number: string; secret: string; ticket_id: string }
}

/** Hands files to the page the way a hand or the clipboard does. */
async function hand(
  page: Page,
  selector: string,
  type: 'drop' | 'paste',
  name: string,
  content: Buffer,
): Promise<void> {
  await page.locator(selector).evaluate(
    (element, { type, name, bytes }) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }))
      const options = { bubbles: true, cancelable: true }
      element.dispatchEvent(
        type === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: transfer })
          : new ClipboardEvent('paste', { ...options, clipboardData: transfer }),
      )
    },
    { type, name, bytes: [...content] },
  )
}

for (const language of languages) {
  const t = textsOf(language)

  test(`D6 files on the ticket: chosen, pasted, dropped, refused, interrupted, fetched (${language})`, async ({
    page,
    context,
  }) => {
    await choose(page, language, language === 'en' ? 'dark' : 'light')
    await page.setViewportSize(desk)
    const { ticket_id } = await makeRequest(page)
    await signIn(page, 'agent1', t)
    await page.goto(`/work/inbox/${ticket_id}`)
    const composer = page.getByRole('region', { name: t('ticket.composer.label') })
    const box = composer.getByRole('textbox')
    const typed = '您好，小票收到后马上核对。'
    await box.fill(typed)
    const chooser = composer.locator('input[type=file]')
    const log = page.getByRole('log')

    await chooser.setInputFiles([file('小票 1.png', png), file('小票 2.png', png)])
    await expect(log.getByRole('link', { name: '小票 2.png' })).toBeVisible()
    await hand(page, '.composer textarea', 'paste', '截图.png', png)
    await expect(log.getByRole('link', { name: '截图.png' })).toBeVisible()
    await hand(page, '.composer', 'drop', '拖来的.png', png)
    await expect(log.getByRole('link', { name: '拖来的.png' })).toBeVisible()
    await expect(box).toHaveValue(typed)

    const waiting = composer.getByRole('list', { name: t('ticket.composer.attach') })
    await test.step('a program is refused whatever it is called, and not asked for again', async () => {
      await chooser.setInputFiles(file('照片.png', program))
      await expect(waiting.getByRole('alert')).toBeVisible()
      await expect(waiting.getByRole('button', { name: new RegExp(t('shared.act.retry')) })).toHaveCount(0)
      await page.screenshot(shot(`refused-${language}`))
      await expectAccessible(page, `refused ${language}`)
      await waiting.getByRole('button', { name: new RegExp(t('shared.act.remove')) }).click()
    })
    await test.step('one too large is told to be so', async () => {
      await chooser.setInputFiles(file('录像.bin', Buffer.alloc(26 * 1024 * 1024, 7)))
      await expect(waiting.getByRole('alert')).toContainText(/上限|larger/)
      await waiting.getByRole('button', { name: new RegExp(t('shared.act.remove')) }).click()
    })
    await test.step('a lost line keeps the file and the words; again means once', async () => {
      await context.setOffline(true)
      await chooser.setInputFiles(file('断网.png', png))
      await expect(waiting.getByRole('alert')).toBeVisible()
      await expect(box).toHaveValue(typed)
      await page.screenshot(shot(`offline-${language}`))
      await context.setOffline(false)
      await waiting.getByRole('button', { name: new RegExp(t('shared.act.retry')) }).click()
      await expect(log.getByRole('link', { name: '断网.png' })).toHaveCount(1)
      await expect(waiting).toHaveCount(0)
    })
    await test.step('what is fetched is what was sent', async () => {
      const download = page.waitForEvent('download')
      await log.getByRole('link', { name: '小票 1.png' }).click()
      const got = await download
      expect(got.suggestedFilename()).toBe('小票 1.png')
      expect(readFileSync(await got.path()).equals(png)).toBe(true)
    })
    await expect(box).toHaveValue(typed)
    await page.screenshot(shot(`ticket-${language}`))
  })
}

for (const [index, language] of languages.entries()) {
  const t = texts(language)

  test(`D6 a customer sends files from a phone and gets them back (${language})`, async ({ browser, baseURL }) => {
    const look = index === 1 ? 'dark' : 'light'
    const context = await browser.newContext({
      baseURL,
      viewport: { width: 390, height: 844 },
      colorScheme: look,
      locale: language,
    })
    const page = await context.newPage()
    await page.addInitScript(
      (chosen) =>
        localStorage.setItem(
          'shouwen.settings',
          JSON.stringify({ language: chosen, theme: 'system', density: 'comfortable', letterKeys: true }),
        ),
      language,
    )
    const { number, secret, ticket_id } = await makeRequest(page)
    await page.goto(`/p/r/${number}#${secret}`)
    const box = page.getByRole('textbox', { name: t('request.write') })
    await box.fill('小票照片在这里')
    const chooser = page.locator('input[type=file]')
    await chooser.setInputFiles([file('小票.png', png)])
    const talk = page.getByRole('log')
    await expect(talk.getByRole('button', { name: /小票\.png/ })).toBeVisible()
    await hand(page, '.write textarea', 'paste', '截图.png', png)
    await expect(talk.getByRole('button', { name: /截图\.png/ })).toBeVisible()
    await expect(box).toHaveValue('小票照片在这里')

    const waiting = page.getByRole('list', { name: t('file.list') })
    await chooser.setInputFiles([file('照片.png', program), file('录像.bin', Buffer.alloc(11 * 1024 * 1024, 7))])
    await expect(waiting.getByRole('alert')).toHaveCount(2)
    await expectAccessible(page, `portal refused ${language}`)
    await expectNoSideScroll(page)
    await waiting.scrollIntoViewIfNeeded()
    await page.screenshot(shot(`phone-refused-${look}-${language}`))
    while ((await waiting.count()) > 0)
      await waiting
        .getByRole('button', { name: new RegExp(t('file.dismiss')) })
        .first()
        .click()

    await context.setOffline(true)
    await chooser.setInputFiles([file('断网.png', png)])
    await expect(waiting.getByRole('alert')).toBeVisible()
    await context.setOffline(false)
    await waiting.getByRole('button', { name: new RegExp(t('act.retry')) }).click()
    await expect(talk.getByRole('button', { name: /断网\.png/ })).toHaveCount(1)

    const download = page.waitForEvent('download')
    await talk.getByRole('button', { name: /小票\.png/ }).click()
    const got = await download
    expect(got.suggestedFilename()).toBe('小票.png')
    expect(readFileSync(await got.path()).equals(png)).toBe(true)
    await page.getByRole('button', { name: t('request.send'), exact: true }).click()
    await expect(talk).toContainText('小票照片在这里')
    await lookAgain(page)
    await talk.scrollIntoViewIfNeeded()
    await page.screenshot({ ...shot(`phone-${look}-${language}`), fullPage: true })

    // The desk sees what the customer sent, and another link does not open it.
    const other = await makeRequest(page)
    const seen = (await (
      await page.request.get(`/api/v1/public/requests/${number}`, { headers: { Authorization: `Ticket ${secret}` } })
    ).json()) as { files: { id: string }[] }
    const path = `/api/v1/public/requests/${number}/attachments/${seen.files[0]?.id ?? ''}`
    expect((await page.request.get(path, { headers: { Authorization: `Ticket ${other.secret}` } })).status()).toBe(401)
    expect(ticket_id).not.toBe('')
    await context.close()
  })
}

test('D14 who only reads is offered no way to add a file', async ({ page }) => {
  const t = textsOf('zh-CN')
  await choose(page, 'zh-CN')
  await page.setViewportSize(desk)
  const { ticket_id } = await makeRequest(page)
  await signIn(page, 'inspector1', t)
  await page.goto(`/tickets/${ticket_id}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByRole('button', { name: t('ticket.composer.attach') })).toHaveCount(0)
})
