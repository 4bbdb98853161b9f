import type { FollowUpQuestion, FollowUpWhole } from '@/api'
import { fromLocalField } from '@/shared/timezone'

export type Outcome = FollowUpWhole['attempts'][number]['outcome']
export const outcomes: Outcome[] = ['reached', 'no_answer', 'refused', 'call_later']

/** What is typed during a call. */
export interface CallForm {
  outcome?: Outcome
  satisfaction?: number
  experience: string
  recurred?: boolean
  recurrence?: 'reopen' | 'new_ticket'
  againAt: string
  /** By the question's code. */
  answers: Record<string, string>
}

export const emptyCall = (): CallForm => ({ experience: '', againAt: '', answers: {} })

/** Whether there is anything that would be a loss. */
export const isStarted = (form: CallForm): boolean => JSON.stringify(form) !== JSON.stringify(emptyCall())

/** What the server should get: what was asked of somebody who was not reached is left out, and empty answers too. */
export function toAttempt(form: CallForm, questions: readonly FollowUpQuestion[], zone: string) {
  const outcome = form.outcome
  if (!outcome) return undefined
  const said = form.experience.trim()
  const common = { outcome, ...(said ? { experience: said } : {}) }
  if (outcome === 'call_later')
    return { ...common, again_at: fromLocalField(zone, form.againAt)?.toISOString() ?? undefined }
  if (outcome !== 'reached') return common
  const answers = questions.flatMap(({ code }) => {
    const answer = form.answers[code]?.trim()
    return answer ? [{ code, answer }] : []
  })
  return {
    ...common,
    satisfaction: form.satisfaction,
    recurred: form.recurred,
    recurrence: form.recurred ? form.recurrence : undefined,
    ...(answers.length ? { answers } : {}),
  }
}
