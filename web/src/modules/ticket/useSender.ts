import { ref, type Ref } from 'vue'
import { giveCommand, type CommandBody, type CommandName, type Problem, type TicketEvent } from '@/api'
import { useTickets } from './ticket.store'

const unanswered = new Set(['offline', 'timeout', 'unreadable'])

/**
 * Sends commands of one ticket. A refusal never costs what was typed: callers keep their text until `send` says true.
 * At 412 the newer version is fetched, and `changed` says what happened meanwhile; sending again then is a decision.
 */
export function useSender(ticketId: Ref<string>) {
  const tickets = useTickets()
  const pending = ref(false)
  const problem = ref<Problem>()
  const changed = ref<TicketEvent[]>([])
  /** A click whose answer was lost keeps its key, so that sending it again cannot act twice. */
  let lost: { key: string; what: string; version: number } | undefined

  async function send<Name extends CommandName>(command: Name, body: CommandBody<Name>): Promise<boolean> {
    const id = ticketId.value
    const ticket = tickets.known.get(id)
    if (!ticket || pending.value) return false
    const seen = tickets.events.get(id)?.at(-1)?.seq ?? 0
    const what = JSON.stringify([id, command, body])
    const click = lost?.what === what ? lost : { key: crypto.randomUUID(), what, version: ticket.version }

    pending.value = true
    const answer = await giveCommand({ id, version: click.version }, command, body, click.key)
    pending.value = false
    problem.value = answer.problem
    lost = answer.problem && unanswered.has(answer.problem.code) ? click : undefined
    changed.value = []

    if (answer.ticket) {
      tickets.remember(answer.ticket)
      void tickets.fetchEvents(id)
      return true
    }
    // Refused in this state, or somebody else was first: what is shown is old, so read it again.
    if (answer.problem && [404, 409, 412].includes(answer.problem.status)) {
      await Promise.all([tickets.fetchTicket(id), tickets.fetchEvents(id)])
      if (answer.problem.status === 412)
        changed.value = (tickets.events.get(id) ?? []).filter((event) => event.seq > seen)
    }
    return false
  }

  function forget(): void {
    problem.value = undefined
    changed.value = []
  }

  return { send, pending, problem, changed, forget }
}
