import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { settings } from './settings'
import { spanParts } from './sla'
import { localDay, timeZone } from './timezone'
import { useSizes } from './useSizes'

type Moment = string | number | Date

/** Dates, times and spans in the reader's language and the organisation's time zone. */
export function useFormats() {
  const { t } = useI18n()
  const format = (options: Intl.DateTimeFormatOptions) =>
    computed(
      () =>
        new Intl.DateTimeFormat(settings.value.language, { timeZone: timeZone.value, hourCycle: 'h23', ...options }),
    )

  const clock = format({ hour: '2-digit', minute: '2-digit' })
  const shortDay = format({ month: '2-digit', day: '2-digit' })
  const longDay = format({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' })
  const shortMoment = format({ month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' })
  const fullMoment = format({
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const as = (format: Intl.DateTimeFormat, at: Moment) => {
    const date = new Date(at)
    return Number.isNaN(date.getTime()) ? String(at) : format.format(date)
  }

  function span(ms: number): string {
    const { form, large, small } = spanParts(ms)
    return t(`shared.span.${form}`, { large, small })
  }

  /** Today only the time, else the day too. */
  function moment(at: Moment, now = Date.now()): string {
    const sameDay = localDay(timeZone.value, new Date(at)) === localDay(timeZone.value, new Date(now))
    return as(sameDay ? clock.value : shortMoment.value, at)
  }

  return {
    span,
    moment,
    time: (at: Moment) => as(clock.value, at),
    day: (at: Moment) => as(shortDay.value, at),
    longDay: (at: Moment) => as(longDay.value, at),
    shortMoment: (at: Moment) => as(shortMoment.value, at),
    fullMoment: (at: Moment) => as(fullMoment.value, at),
    ...useSizes(),
    number: (value: number) => new Intl.NumberFormat(settings.value.language).format(value),
  }
}
