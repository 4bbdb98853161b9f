import { useI18n } from 'vue-i18n'
import type { MatrixFault, MatrixRow, OwnLimits, Proposal, ProposalCandidate, TicketClass } from '@/api'
import { useCategories } from '@/modules/policy/useCategories'
import { useLimitWords } from '@/modules/policy/useLimitWords'
import { useTerms } from '@/modules/ticket/useTerms'
import { grades } from './matrix'

/** What the matrix's codes are called. */
export function useMatrixWords() {
  const { t } = useI18n()
  const { nameOf } = useCategories()
  const { inWords } = useLimitWords()
  const terms = useTerms()

  const category = (row: Pick<MatrixRow, 'category' | 'class'>) => nameOf(row.category, row.class)
  const ticketClass = (of: TicketClass | null) => (of ? terms.ticketClass(of) : t('matrix.any.class'))
  const fault = ({ code, part, unit, staff }: MatrixFault) =>
    t(`matrix.fault.${code}`, { part: t(`matrix.part.${part}`), name: unit?.name ?? staff?.name ?? '' })
  /** The key of a row in one line: `咨询 · 停车 · 河湾片区`. */
  function scope(row: MatrixRow): string {
    const parts = [row.class && ticketClass(row.class), category(row), row.merchant?.name, row.area?.name]
    return parts.filter(Boolean).join(' · ') || t('matrix.any.all')
  }
  /** `L1 15 分钟, L2 2 小时`; empty when the policy's limits hold. */
  const limits = (own: OwnLimits) =>
    grades
      .filter((grade) => own[grade])
      .map((grade) => `${grade} ${inWords(own[grade] ?? '')}`)
      .join(t('matrix.list'))
  const reason = ({ matched }: ProposalCandidate) =>
    matched.map(({ field, fit }) => t(`matrix.match.${field}_${fit}`)).join(t('matrix.list')) ||
    t('matrix.match.nothing')
  /** What of the matter the row that proposes is for: `分类相同（电梯）`. */
  function because(candidate: ProposalCandidate, matter: Proposal['matter']): string {
    const names = {
      category: nameOf(matter.category, matter.class),
      class: ticketClass(matter.class),
      merchant: matter.merchant?.name,
      area: matter.area?.name,
    }
    const parts = candidate.matched.map(({ field, fit }) =>
      t('matrix.proposal.match', { what: t(`matrix.match.${field}_${fit}`), name: names[field] ?? '' }),
    )
    return parts.join(t('matrix.list')) || t('matrix.match.nothing')
  }
  return { because, category, ticketClass, fault, scope, limits, reason, limit: inWords }
}
