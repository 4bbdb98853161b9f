import { useI18n } from 'vue-i18n'
import type { CategoryNode, Grade, ObligationKind } from '@/api'
import { useTerms } from '@/modules/ticket/useTerms'
import { settings } from '@/shared/settings'
import type { NameTree, PolicyChange } from './policy_changes'
import { useLimitWords } from './useLimitWords'

export interface ChangeWords {
  what: string
  before?: string
  after?: string
}

/** A difference between two versions of the policy in the reader's words. */
export function useChangeWords() {
  const { t } = useI18n()
  const terms = useTerms()
  const { inWords } = useLimitWords()

  const limit = (kind: ObligationKind, grade: Grade) => `${terms.obligation(kind)} · ${terms.grade(grade)}`
  const category = (node: CategoryNode) => node.name[settings.value.language] || node.name['zh-CN'] || node.code
  const tree = (of: NameTree) =>
    of === 'rejection_reasons'
      ? t('policy.slip.reasons')
      : of === 'identity_questions'
        ? t('policy.follow_up.identity_questions')
        : terms.ticketClass(of)
  const onOff = (on: boolean) => t(on ? 'policy.change.on' : 'policy.change.off')

  function words(change: PolicyChange): ChangeWords {
    switch (change.about) {
      case 'limit':
        return { what: limit(change.kind, change.grade), before: inWords(change.before), after: inWords(change.after) }
      case 'warnings_percent':
        return { what: t('policy.general.warnings'), before: change.before, after: change.after }
      case 'dissatisfied_up_to':
        return { what: t('policy.general.dissatisfied'), before: change.before, after: change.after }
      case 'rejections_until_ruling':
        return { what: t('policy.slip.until_ruling'), before: change.before, after: change.after }
      case 'confirm_filing_above':
        return { what: t('policy.general.confirm_filing'), before: change.before, after: change.after }
      case 'chain_interval':
        return {
          what: t('policy.general.interval'),
          before: inWords(change.before),
          after: inWords(change.after),
        }
      case 'attempt_interval':
        return {
          what: t('policy.follow_up.attempt_interval'),
          before: inWords(change.before),
          after: inWords(change.after),
        }
      case 'share_percent':
      case 'attempts_max':
      case 'questions':
        return { what: t(`policy.follow_up.${change.about}`), before: change.before, after: change.after }
      case 'after_dissatisfaction':
        return {
          what: t('policy.follow_up.after_dissatisfaction'),
          before: onOff(!change.after),
          after: onOff(change.after),
        }
      case 'revisited_class':
        return {
          what: `${t('policy.follow_up.classes')} · ${terms.ticketClass(change.class)}`,
          before: onOff(!change.after),
          after: onOff(change.after),
        }
      case 'category_identity':
        return {
          what: `${tree(change.of)} · ${category(change.category)} · ${t('policy.category.needs_identity')}`,
          before: onOff(!change.after),
          after: onOff(change.after),
        }
      case 'paused':
        return {
          what: `${t('policy.general.paused')} · ${terms.obligation(change.kind)}`,
          before: onOff(!change.after),
          after: onOff(change.after),
        }
      case 'switch':
        return { what: t(`policy.switch.${change.name}`), before: onOff(!change.after), after: onOff(change.after) }
      case 'default_calendar':
        return { what: t('policy.calendar.default'), before: change.before, after: change.after }
      case 'calendar_added':
      case 'calendar_removed':
        return { what: t(`policy.change.${change.about}`, { name: change.calendar }) }
      case 'calendar_day':
        return {
          what: `${change.calendar} · ${t(`policy.day.${change.day}`)}`,
          before: change.before || t('policy.calendar.closed'),
          after: change.after || t('policy.calendar.closed'),
        }
      case 'calendar_field':
        return {
          what: `${change.calendar} · ${t(change.field === 'name' ? 'policy.calendar.name' : change.field === 'kind' ? 'policy.calendar.kind' : 'policy.calendar.zone')}`,
          before: change.field === 'kind' ? t(`policy.calendar_kind.${change.before}`) : change.before,
          after: change.field === 'kind' ? t(`policy.calendar_kind.${change.after}`) : change.after,
        }
      case 'calendar_holidays':
        return {
          what: `${change.calendar} · ${t('policy.calendar.holidays')}`,
          before: onOff(!change.after),
          after: onOff(change.after),
        }
      case 'calendar_make_up':
        return {
          what: `${change.calendar} · ${t('policy.calendar.make_up')}`,
          before: t(`policy.day.${change.before}`),
          after: t(`policy.day.${change.after}`),
        }
      case 'category_renamed':
        return {
          what: t('policy.change.category_renamed', {
            class: tree(change.of),
            name: category(change.category),
            language: t(`policy.language.${change.language}`),
          }),
          before: change.before,
          after: change.after,
        }
      case 'category_added':
      case 'category_removed':
      case 'category_retired':
      case 'category_restored':
      case 'category_moved':
        return {
          what: t(`policy.change.${change.about}`, {
            class: tree(change.of),
            name: category(change.category),
          }),
        }
      case 'required_field':
        return {
          what: t('policy.change.required_field', {
            class: terms.ticketClass(change.class),
            field: terms.field(change.field),
          }),
          before: onOff(!change.after),
          after: onOff(change.after),
        }
      case 'consent':
        return {
          what: t('policy.change.consent', { language: t(`policy.language.${change.language}`) }),
          before: change.before,
          after: change.after,
        }
    }
  }
  return { words }
}
