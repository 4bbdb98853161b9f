import { useLocalStorage } from '@vueuse/core'
import { watch } from 'vue'

export type Language = 'zh-CN' | 'zh-TW' | 'en'
// locales: names of languages and scripts stand in their own language, whatever the reader's.
export const languages: { id: Language; name: string }[] = [
  { id: 'zh-CN', name: '简体中文' },
  { id: 'zh-TW', name: '繁體中文' },
  { id: 'en', name: 'English' },
]

export interface Settings {
  language: Language
  theme: 'system' | 'light' | 'dark'
  density: 'comfortable' | 'compact'
  /** Single-letter keys must be switchable off (WCAG 2.1.4). */
  letterKeys: boolean
}

function preferredLanguage(): Language {
  for (const wanted of navigator.languages) {
    if (/^zh-(TW|HK|MO|Hant)/i.test(wanted)) return 'zh-TW'
    if (/^zh/i.test(wanted)) return 'zh-CN'
    if (/^en/i.test(wanted)) return 'en'
  }
  return 'zh-CN'
}

/** Of this browser, not of the person: a shared desk keeps its look. */
export const settings = useLocalStorage<Settings>(
  'shouwen.settings',
  { language: preferredLanguage(), theme: 'system', density: 'comfortable', letterKeys: true },
  { mergeDefaults: true },
)

export function applySettings(): void {
  watch(
    settings,
    ({ theme, density, language }) => {
      const root = document.documentElement
      if (theme === 'system') delete root.dataset.theme
      else root.dataset.theme = theme
      root.dataset.density = density
      root.lang = language
    },
    { immediate: true, deep: true },
  )
}
