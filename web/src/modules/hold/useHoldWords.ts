import { useI18n } from 'vue-i18n'
import type { Hold } from '@/api'
import { useFormats } from '@/shared/useFormats'
import { waitingText } from './hold'

/** A hold in the reader's language. */
export function useHoldWords() {
  const { t } = useI18n()
  const { number, fullMoment } = useFormats()

  const why = ({ cause, details }: Hold) =>
    t(`hold.why.${cause}`, {
      at: details.backup_made_at ? fullMoment(details.backup_made_at) : '—',
      limit: details.more_than === undefined ? '—' : number(details.more_than),
    })
  const waiting = (hold: Hold) =>
    t(`hold.waiting.${hold.what}`, { count: waitingText(hold, number) }, hold.waiting_count ?? 0)
  return { why, waiting }
}
