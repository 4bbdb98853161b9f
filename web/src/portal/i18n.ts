import { createI18n } from 'vue-i18n'
import type { Language } from '@/shared/settings'

/** One chunk per language: only the language in use is downloaded. */
const load: Record<Language, () => Promise<{ default: object }>> = {
  'zh-CN': () => import('./locales/zh-CN.json'),
  'zh-TW': () => import('./locales/zh-TW.json'),
  en: () => import('./locales/en.json'),
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
    i18n.global.setLocaleMessage(language, (await load[language]()).default as Record<string, never>)
    loaded.add(language)
  }
  i18n.global.locale.value = language
}
