import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'

export const languages = ['zh-CN', 'zh-TW', 'en'] as const
export type Language = (typeof languages)[number]

const source = join(dirname(fileURLToPath(import.meta.url)), '..', 'src')
const files = readdirSync(source, { recursive: true }).map(String)

type Tree = { [key: string]: string | Tree }

/** The texts of the page itself, so that one journey reads the same in every language. */
export function textsOf(language: Language): (key: string, values?: Record<string, string>) => string {
  const all: Tree = {}
  for (const file of files) {
    if (file.startsWith('portal') || !file.endsWith(join('locales', `${language}.json`))) continue
    for (const [area, tree] of Object.entries(JSON.parse(readFileSync(join(source, file), 'utf8')) as Tree))
      all[area] = tree
  }
  return (key, values = {}) => {
    let found: string | Tree | undefined = all
    for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined
    if (typeof found !== 'string') throw new Error(`no text ${key}`)
    return found.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? '')
  }
}

export const password = process.env.SHOUWEN_DEMO_PASSWORD ?? ''

/** A browser that has chosen its language before, as a desk has. */
export async function choose(page: Page, language: Language, theme: 'light' | 'dark' = 'light'): Promise<void> {
  await page.addInitScript((settings) => localStorage.setItem('shouwen.settings', JSON.stringify(settings)), {
    language,
    theme,
    density: 'comfortable',
    letterKeys: true,
  })
}

export async function signIn(page: Page, login: string, t: ReturnType<typeof textsOf>): Promise<void> {
  await page.goto('/')
  await page.getByLabel(t('session.sign_in.login')).fill(login)
  await page.getByLabel(t('session.sign_in.password')).fill(password)
  await page.getByRole('button', { name: t('session.sign_in.act') }).click()
  await page.getByRole('navigation', { name: t('app.shell.pages') }).waitFor()
}
