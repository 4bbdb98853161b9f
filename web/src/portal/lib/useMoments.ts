import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { readLimit } from '@/modules/policy/limit'
import { serverNow, useSlowClock } from '@/shared/clock'
import { settings } from '@/shared/settings'
import { localDay, timeZone } from '@/shared/timezone'
import { countdown } from './countdown'

const dayMs = 86_400_000

/** Moments and spans in the words of the reader, days by the organisation's clock. */
export function useMoments() {
  const { t } = useI18n()
  const now = useSlowClock()
  const format = (options: Intl.DateTimeFormatOptions) =>
    computed(
      () =>
        new Intl.DateTimeFormat(settings.value.language, { timeZone: timeZone.value, hourCycle: 'h23', ...options }),
    )
  const time = format({ hour: '2-digit', minute: '2-digit' })
  const full = format({ month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' })
  const weekday = format({ weekday: 'short', timeZone: 'UTC' })

  function moment(at: string): string {
    const date = new Date(at)
    const day = localDay(timeZone.value, date)
    const isDay = (shift: number) => day === localDay(timeZone.value, new Date(serverNow() + shift))
    if (isDay(0)) return t('portal.moment.today', { time: time.value.format(date) })
    if (isDay(dayMs)) return t('portal.moment.tomorrow', { time: time.value.format(date) })
    if (isDay(-dayMs)) return t('portal.moment.yesterday', { time: time.value.format(date) })
    return full.value.format(date)
  }

  /** `PT2H` → "2 hours" */
  function limit(text: string): string {
    const known = readLimit(text)
    return known ? t(`portal.limit.${known.unit}`, { n: known.amount }, known.amount) : text
  }

  return {
    moment,
    limit,
    /** 0 = Monday */
    weekday: (day: number) => weekday.value.format(new Date(Date.UTC(2024, 0, 1 + day))),
    left: (at: string) => countdown(Date.parse(at), now.value),
    leftWords(at: string): string {
      const { form, count } = countdown(Date.parse(at), now.value)
      return t(`portal.due.${form}`, { n: count }, count)
    },
  }
}
