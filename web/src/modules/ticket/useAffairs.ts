import { useI18n } from 'vue-i18n'
import type { TicketSummary } from '@/api'
import { useFormats } from '@/shared/useFormats'
import { affairsOf, type Affair } from './affairs'
import { useTerms } from './useTerms'

/** How a matter stands, in words that somebody else can go on from (A4). */
export function useAffairs() {
  const { t } = useI18n()
  const terms = useTerms()
  // Read tomorrow, "today" would be wrong: always with the day.
  const { shortMoment } = useFormats()

  function say(affair: Affair): string {
    switch (affair.kind) {
      case 'step':
        return t('ticket.affairs.step', { step: t(`shared.step.${affair.step}`) })
      case 'due':
        return t('ticket.affairs.due', { obligation: terms.obligation(affair.obligation), at: shortMoment(affair.at) })
      case 'waiting':
        return t('ticket.affairs.waiting', { since: shortMoment(affair.since), reason: affair.reason })
      case 'rework':
        return t('ticket.affairs.rework', { reason: affair.reason })
      case 'promise':
        return t('ticket.affairs.promise', { reason: affair.reason, at: shortMoment(affair.at) })
      case 'slip':
        return t('ticket.affairs.slip', {
          unit: affair.unit,
          state: terms.word('slip_state')(affair.state),
          at: shortMoment(affair.at),
        })
      case 'solution':
        return t('ticket.affairs.solution', {
          solution: affair.solution,
          state: t(`ticket.solution_state.${affair.state}`),
        })
      case 'missing':
        return t('ticket.affairs.missing', { fields: affair.fields.map(terms.field).join(t('notice.comma')) })
    }
  }
  /** What a list says beside the next limit, which its badge tells. */
  const pressing = (ticket: TicketSummary) =>
    affairsOf(ticket)
      .filter(({ kind }) => kind !== 'step' && kind !== 'due')
      .map(say)
  return { text: (ticket: TicketSummary) => affairsOf(ticket).map(say).join('\n'), pressing }
}
