import { createPinia } from 'pinia'
import { createApp, watch } from 'vue'
import { context } from '@/api'
import { applySettings, settings } from '@/shared/settings'
import '@/shared/styles/tokens.css'
import '@/shared/styles/base.css'
import '@/shared/styles/controls.css'
import App from './App.vue'
import { i18n, useLanguage } from './i18n'
import { router } from './router'
import { watchForNewRelease } from './release'

context.language = () => settings.value.language
context.describe = (code) => ({
  title: i18n.global.t(`app.transport.${code}.title`),
  detail: i18n.global.t(`app.transport.${code}.detail`),
})

applySettings()
watch(
  () => settings.value.language,
  (language) => void useLanguage(language),
)

async function start(): Promise<void> {
  await useLanguage(settings.value.language)
  const app = createApp(App).use(createPinia()).use(i18n).use(router)
  watchForNewRelease(router)
  app.mount('#app')
}

void start()
