import type { Ref } from 'vue'
import { upload, type Attachment } from '@/api'
import { useFileQueue } from '@/shared/useFileQueue'
import { useTickets } from './ticket.store'

/** Files on their way to a ticket: to the one that was shown when they were chosen, whatever is shown when they arrive. */
export function useUploads(ticketId: Ref<string>) {
  const tickets = useTickets()
  const goal = new WeakMap<File, string>()
  const queue = useFileQueue<Attachment>(
    (file, options) => upload(`/tickets/${encodeURIComponent(goal.get(file) ?? '')}/attachments`, file, options),
    ({ ticket_id }) => void Promise.all([tickets.fetchTicket(ticket_id), tickets.fetchEvents(ticket_id)]),
    () => crypto.randomUUID(),
  )
  function add(files: Iterable<File>): void {
    const chosen = [...files]
    for (const file of chosen) goal.set(file, ticketId.value)
    queue.add(chosen)
  }
  return { uploads: queue.files, add, retry: queue.retry, dismiss: queue.dismiss }
}
