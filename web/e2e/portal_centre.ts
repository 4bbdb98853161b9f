import { expect, request, type APIRequestContext, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'

export { expectAccessible } from './accessible'

export type Language = 'zh-CN' | 'zh-TW' | 'en'

/** The page's own texts: tests find elements by what a reader sees, in each language. */
export function texts(language: Language) {
  const file = new URL(`../src/portal/locales/${language}.json`, import.meta.url)
  const all: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return (key: string): string => {
    let found: unknown = (all as { portal: unknown }).portal
    for (const part of key.split('.')) found = (found as Record<string, unknown> | undefined)?.[part]
    if (typeof found !== 'string') throw new Error(`no text ${key}`)
    return found
  }
}

/** A member of the staff at work through the API. */
export class Agent {
  private constructor(
    private readonly api: APIRequestContext,
    private readonly csrfToken: string,
  ) {}

  static async signIn(baseURL: string, login = 'agent1'): Promise<Agent> {
    const api = await request.newContext({ baseURL })
    const password = process.env.SHOUWEN_DEMO_PASSWORD ?? ''
    const answer = await api.post('/api/v1/session', { data: { login, password } })
    expect(answer.status(), await answer.text()).toBe(200)
    const { csrf_token } = (await answer.json()) as { csrf_token: string }
    return new Agent(api, csrf_token)
  }

  async give(ticketId: string, command: string, body: object): Promise<{ step: string; version: number }> {
    const path = `/api/v1/tickets/${ticketId}`
    const seen = (await (await this.api.get(path)).json()) as { version: number }
    const answer = await this.api.post(`${path}/commands/${command}`, {
      headers: { 'X-CSRF-Token': this.csrfToken, 'If-Match': `"${seen.version}"` },
      data: body,
    })
    expect(answer.status(), `${command}: ${await answer.text()}`).toBe(200)
    return (await answer.json()) as { step: string; version: number }
  }

  end = () => this.api.dispose()
}

/** Nothing sticks out at the side. */
export async function expectNoSideScroll(page: Page) {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(beyond).toBeLessThanOrEqual(0)
}

/** The page looks anew at once instead of in 15 seconds, as it does when the network returns. */
export const lookAgain = (page: Page) => page.evaluate(() => window.dispatchEvent(new Event('online')))

export async function fillForm(page: Page, t: (key: string) => string, words: { subject: string; content: string }) {
  await page.getByText(t('class.complaint.name'), { exact: true }).click()
  await page.getByLabel(t('new.subject')).fill(words.subject)
  await page.getByLabel(t('new.content'), { exact: true }).fill(words.content)
  await page.getByLabel(t('new.name'), { exact: true }).fill('林静怡')
  await page.getByLabel(t('new.phone'), { exact: true }).fill('13900004821')
}
