import { createI18n } from 'vue-i18n'
import type { Language } from '@/shared/settings'

type Messages = Record<string, never>
type Files = Record<string, { default: Messages }>

/** One chunk per language: only the language in use is downloaded. */
const load: Record<Language, () => Promise<{ files: Files }>> = {
  'zh-CN': () => import('./locales/zh-CN'),
  'zh-TW': () => import('./locales/zh-TW'),
  en: () => import('./locales/en'),
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: { 'zh-TW': ['zh-CN'], default: ['zh-CN'] },
  messages: {},
  missingWarn: false,
  fallbackWarn: false,
})

const loaded = new Set<Language>()

export async function useLanguage(language: Language): Promise<void> {
  if (!loaded.has(language)) {
    const { files } = await load[language]()
    for (const file of Object.values(files)) i18n.global.mergeLocaleMessage(language, file.default)
    loaded.add(language)
  }
  i18n.global.locale.value = language
}
