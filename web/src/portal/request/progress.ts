import type { PublicRequest } from '../api'

/** The customer's five steps; `cancelled` is none of them. */
export const steps = ['intake', 'triage', 'handling', 'feedback', 'archived'] as const
export type StepName = (typeof steps)[number]

export interface StepMark {
  name: StepName
  state: 'done' | 'current' | 'ahead'
}

/** @returns undefined for a request that was cancelled: it is on no way any more */
export function stepLine(step: PublicRequest['step']): StepMark[] | undefined {
  const at = steps.findIndex((name) => name === step)
  if (at < 0) return undefined
  const isEnd = at === steps.length - 1
  return steps.map((name, n) => ({ name, state: n < at || isEnd ? 'done' : n === at ? 'current' : 'ahead' }))
}

/** What happens now, seen from the customer: the headline of the page. */
export type Now =
  | 'cancelled'
  | 'archived'
  | 'agree'
  | 'rate'
  | 'waiting'
  | 'rework'
  | 'intake'
  | 'triage'
  | 'agreed'
  | 'declined'
  | 'handling'
  | 'feedback'

type Seen = Pick<PublicRequest, 'step' | 'waiting_since' | 'can_agree' | 'can_rate' | 'solution' | 'rating' | 'result'>

export function nowOf(request: Seen): Now {
  const { step, solution } = request
  if (step === 'cancelled' || step === 'archived') return step
  // What we ask of the customer comes before what we do ourselves.
  if (request.can_agree) return 'agree'
  if (request.can_rate) return 'rate'
  if (request.waiting_since) return 'waiting'
  if (step === 'handling' && solution) return solution.state === 'declined' ? 'declined' : 'agreed'
  // A rating of a result that is no longer there: it was not good enough, and we are at it again.
  if (step === 'handling' && request.rating && !request.result) return 'rework'
  return step
}

export const asksCustomer = (now: Now): boolean => now === 'agree' || now === 'rate' || now === 'waiting'

/** The next moment the customer can count on: first an answer, then what was promised. */
export function nextPromise(request: Pick<PublicRequest, 'answer_by' | 'next_promise' | 'solution' | 'step'>) {
  if (request.step === 'archived' || request.step === 'cancelled') return undefined
  if (request.answer_by) return { kind: 'answer' as const, at: request.answer_by, procedure: '' }
  if (request.next_promise)
    return { kind: 'promise' as const, at: request.next_promise.expected_at, procedure: request.next_promise.procedure }
  if (request.step === 'handling' && request.solution?.state === 'agreed' && request.solution.expected_at)
    return { kind: 'solution' as const, at: request.solution.expected_at, procedure: '' }
  return undefined
}
