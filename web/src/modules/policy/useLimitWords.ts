import { useI18n } from 'vue-i18n'
import { readLimit } from './limit'

export function useLimitWords() {
  const { t } = useI18n()
  function inWords(text: string): string {
    const limit = readLimit(text)
    return limit ? t(`policy.limit.${limit.unit}`, { amount: limit.amount }, limit.amount) : text
  }
  return { inWords }
}
