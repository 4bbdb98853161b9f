// The customer's pages (/p/…): submit a request, follow it by number and secret, agree, rate.
import { createApp, watch } from 'vue'
import { context } from '@/api/connection'
import { applySettings, settings } from '@/shared/settings'
import '@/shared/styles/tokens.css'
import '@/shared/styles/base.css'
import './styles/portal.css'
import App from './App.vue'
import { i18n, useLanguage } from './i18n'
import { applyLargeType } from './shell/large_type'
import { startSubmission } from './submit/submission'

context.language = () => settings.value.language
context.describe = (code) => ({
  title: i18n.global.t(`portal.transport.${code}.title`),
  detail: i18n.global.t(`portal.transport.${code}.detail`),
})

applySettings()
applyLargeType()
watch(
  () => settings.value.language,
  (language) => void useLanguage(language),
)

async function start(): Promise<void> {
  await useLanguage(settings.value.language)
  createApp(App).use(i18n).mount('#portal')
  startSubmission()
}

void start()
