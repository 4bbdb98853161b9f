import type { Obligation, Slip, SlipCommandName } from '@/api'
import type { Deadline } from '@/shared/sla'

/** What a slip waits for; the words for it, and the act that would answer it. Whether that is allowed, the server says. */
export type SlipNeed = 'sign' | 'appoint' | 'contact' | 'propose' | 'complete' | 'confirm' | 'none'

export function needOf(slip: Slip): SlipNeed {
  if (slip.ended_at) return 'none'
  if (slip.state === 'issued') return 'sign'
  if (slip.state === 'completed') return 'confirm'
  if (!slip.handler) return 'appoint'
  if (!slip.contacted_at) return 'contact'
  return slip.solution ? 'complete' : 'propose'
}

export const answerTo: Record<SlipNeed, SlipCommandName | undefined> = {
  sign: 'acknowledge',
  appoint: 'appoint_handler',
  contact: 'contact_customer',
  propose: 'propose',
  complete: 'complete',
  confirm: 'confirm',
  none: undefined,
}

/** The word for an act: upon a slip that was rejected, withdrawing is the ruling that the owner sees to it. */
export function wordFor(slip: Slip, command: SlipCommandName): SlipCommandName | 'leave_to_owner' {
  return command === 'withdraw' && slip.state === 'rejected' ? 'leave_to_owner' : command
}

/** The act to put forward: a decision that the unit waits for, else what the slip itself waits for. */
export function nextAct(slip: Slip, allowed: readonly SlipCommandName[]): SlipCommandName | undefined {
  return allowed.includes('grant_extension') ? 'grant_extension' : answerTo[needOf(slip)]
}

/** The whole of it, from the issue to the completion. Late is what the server has marked so. */
export function wholeDeadline(slip: Slip, obligations: readonly Obligation[] = []): Deadline {
  const own = obligations.find(({ kind, subject_id }) => kind === 'slip_complete' && subject_id === slip.id)
  return {
    starts_at: slip.issued_at,
    due_at: slip.due_at,
    met_at: slip.completed_at,
    breached_at: own?.breached_at ?? null,
    cancelled_at: slip.completed_at ? null : slip.ended_at,
    paused_at: own?.paused_since ?? null,
  }
}

/** What is owed next about it. */
export function nextObligation(slip: Slip, obligations: readonly Obligation[]): Obligation | undefined {
  return obligations
    .filter((one) => one.subject_id === slip.id && !one.met_at && !one.cancelled_at)
    .sort((a, b) => a.due_at.localeCompare(b.due_at))[0]
}

/** D14: how long nobody has signed for it; the receiver's time. */
export function unsignedMs(slip: Slip, now: number): number {
  const until = slip.acknowledged_at ?? slip.ended_at
  return Math.max(0, (until ? Date.parse(until) : now) - Date.parse(slip.issued_at))
}

/** Open ones first, by what is due first; of the others the latest. */
export function inOrder(slips: readonly Slip[]): Slip[] {
  return [...slips].sort(
    (a, b) =>
      Number(Boolean(a.ended_at)) - Number(Boolean(b.ended_at)) ||
      (a.ended_at && b.ended_at ? b.ended_at.localeCompare(a.ended_at) : a.due_at.localeCompare(b.due_at)),
  )
}

const tones: Record<Slip['state'], string> = {
  issued: 'warn',
  acknowledged: 'accent',
  in_progress: 'accent',
  proposed: 'violet',
  completed: 'violet',
  confirmed: 'good',
  rejected: 'bad',
  withdrawn: '',
}
export const toneOfState = (state: Slip['state']): string => tones[state]

/** `<ticket>-<no>`: a slip is a part of its ticket. */
export function ticketOfSlip(id: string): string {
  return id.split('-')[0] ?? id
}
