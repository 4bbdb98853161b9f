import { ref, type Ref } from 'vue'
import {
  giveCommand,
  giveSlipCommand,
  type CommandAnswer,
  type CommandBody,
  type CommandName,
  type Problem,
  type SlipCommandBody,
  type SlipCommandName,
  type TicketEvent,
} from '@/api'
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

  async function carryOut(
    what: unknown[],
    give: (of: { version: number }, key: string) => Promise<CommandAnswer>,
  ): Promise<boolean> {
    const id = ticketId.value
    const ticket = tickets.known.get(id)
    if (!ticket || pending.value) return false
    const seen = tickets.events.get(id)?.at(-1)?.seq ?? 0
    const said = JSON.stringify([id, ...what])
    const click = lost?.what === said ? lost : { key: crypto.randomUUID(), what: said, version: ticket.version }

    pending.value = true
    const answer = await give(click, click.key)
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

  function send<Name extends CommandName>(command: Name, body: CommandBody<Name>): Promise<boolean> {
    const id = ticketId.value
    return carryOut([command, body], ({ version }, key) => giveCommand({ id, version }, command, body, key))
  }
  /** The same for one of the ticket's slips. */
  function sendForSlip<Name extends SlipCommandName>(
    id: string,
    command: Name,
    body: SlipCommandBody<Name>,
  ): Promise<boolean> {
    return carryOut([id, command, body], ({ version }, key) => giveSlipCommand({ id, version }, command, body, key))
  }

  function forget(): void {
    problem.value = undefined
    changed.value = []
  }

  return { send, sendForSlip, pending, problem, changed, forget }
}
