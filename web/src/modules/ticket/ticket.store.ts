import { defineStore } from 'pinia'
import { onScopeDispose, reactive, shallowReactive, watch, type Ref } from 'vue'
import { api, type Problem, type Ticket, type TicketEvent, type TicketSummary } from '@/api'

export type KnownTicket = TicketSummary & {
  commands?: Ticket['commands']
  slip_commands?: Ticket['slip_commands']
  /** The version for which the commands were told; until they are told anew, the older ones stay on offer. */
  commands_of?: number
}

/** All tickets this page knows, each once; lists hold ids. Never replaced by an older version. */
export const useTickets = defineStore('tickets', () => {
  const known = shallowReactive(new Map<string, KnownTicket>())
  const events = shallowReactive(new Map<string, TicketEvent[]>())
  /** Raised whenever the history of a ticket may have grown: panels that show more of it read again. */
  const changes = reactive(new Map<string, number>())
  const fetching = new Map<string, Promise<Problem | undefined>>()
  const watched = new Map<string, number>()

  function remember(ticket: KnownTicket): void {
    const before = known.get(ticket.id)
    if (before && before.version > ticket.version) return
    // A list item lacks the commands. Taking the offer away until the next answer would pull the composer from under
    // somebody's hands; the server refuses what no longer goes.
    const told = ticket.commands
      ? { commands: ticket.commands, slip_commands: ticket.slip_commands, commands_of: ticket.version }
      : { commands: before?.commands, slip_commands: before?.slip_commands, commands_of: before?.commands_of }
    known.set(ticket.id, { ...ticket, ...told })
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

  /** The stream tells of a version: read it if somebody looks at that ticket. */
  function touch(id: string, version: number): void {
    if (watched.has(id) && (known.get(id)?.version ?? 0) < version) void fetchTicket(id)
  }
  function touchWatched(): void {
    for (const id of watched.keys()) void fetchTicket(id)
  }

  /** Keeps a ticket fresh while a component shows it: its commands, and its history as it grows. */
  function follow(id: Ref<string>): void {
    const release = (of: string) => {
      const left = (watched.get(of) ?? 1) - 1
      if (left > 0) watched.set(of, left)
      else watched.delete(of)
    }
    watch(
      id,
      (now, before) => {
        watched.set(now, (watched.get(now) ?? 0) + 1)
        if (before) release(before)
      },
      { immediate: true },
    )
    onScopeDispose(() => release(id.value))
    watch(
      () => [id.value, changes.get(id.value)] as const,
      ([now], [before]) => {
        if (now !== before) return
        const ticket = known.get(now)
        if (ticket?.commands_of !== ticket?.version) void fetchTicket(now)
        void fetchEvents(now)
      },
    )
  }

  return { known, events, changes, remember, fetchTicket, fetchEvents, touch, touchWatched, follow }
})
