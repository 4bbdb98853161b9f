import { defineStore } from 'pinia'
import { reactive, shallowReactive } from 'vue'
import { api, type Problem, type Ticket, type TicketEvent, type TicketSummary } from '@/api'

export type KnownTicket = TicketSummary & { commands?: Ticket['commands'] }

/** All tickets this page knows, each once; lists hold ids. Never replaced by an older version. */
export const useTickets = defineStore('tickets', () => {
  const known = shallowReactive(new Map<string, KnownTicket>())
  const events = shallowReactive(new Map<string, TicketEvent[]>())
  const fetching = new Map<string, Promise<Problem | undefined>>()
  /** Raised whenever the history of a ticket may have grown: panels that show more of it read again. */
  const changes = reactive(new Map<string, number>())

  function remember(ticket: KnownTicket): void {
    const before = known.get(ticket.id)
    if (before && before.version > ticket.version) return
    // A list item lacks the commands; they stay valid while the version does.
    const commands = ticket.commands ?? (before?.version === ticket.version ? before.commands : undefined)
    known.set(ticket.id, { ...ticket, commands })
    if (before && before.version !== ticket.version) changes.set(ticket.id, (changes.get(ticket.id) ?? 0) + 1)
  }

  /** Asks once, however many panels want it at the same time. */
  function fetchTicket(id: string): Promise<Problem | undefined> {
    const running = fetching.get(id)
    if (running) return running
    const request = api.GET('/tickets/{id}', { params: { path: { id } } }).then(({ data, error }) => {
      if (data) remember(data)
      return error
    })
    fetching.set(id, request)
    void request.finally(() => fetching.delete(id))
    return request
  }

  async function fetchEvents(id: string): Promise<Problem | undefined> {
    const { data, error } = await api.GET('/tickets/{id}/events', { params: { path: { id } } })
    if (data) events.set(id, data.items)
    return error
  }

  return { known, events, changes, remember, fetchTicket, fetchEvents }
})
