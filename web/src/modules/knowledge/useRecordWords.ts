import { useI18n } from 'vue-i18n'
import { useCategories } from '@/modules/policy/useCategories'
import { useTerms } from '@/modules/ticket/useTerms'
import type { Fields } from './record'

/** Names of fields and of what stands in them. */
export function useRecordWords() {
  const { t } = useI18n()
  const terms = useTerms()
  const { nameOf } = useCategories()

  function value(name: keyof Fields, of: Fields): string {
    switch (name) {
      case 'class':
        return terms.ticketClass(of.class)
      case 'category':
        return nameOf(of.category || null, of.class || undefined)
      case 'step':
        return of.step && t(`shared.step.${of.step}`)
      case 'channel':
        return terms.channel(of.channel)
      case 'emotion':
        return of.emotion && t(`ticket.emotion.${of.emotion}`)
      case 'shortcut':
        return of.shortcut && `/${of.shortcut}`
      default:
        return of[name]
    }
  }
  return { field: (name: keyof Fields) => t(`knowledge.field.${name}`), value }
}
