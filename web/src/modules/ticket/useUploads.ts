import { reactive, type Ref } from 'vue'
import { uploadAttachment } from '@/api'
import { useTickets } from './ticket.store'

export interface RunningUpload {
  key: number
  name: string
  share: number
  failure?: string
  stop: () => void
}

/** Files on their way to a ticket. A failed one stays in sight until it is dismissed. */
export function useUploads(ticketId: Ref<string>) {
  const tickets = useTickets()
  const uploads = reactive<RunningUpload[]>([])
  let next = 0

  function remove(upload: RunningUpload): void {
    const index = uploads.findIndex(({ key }) => key === upload.key)
    if (index >= 0) uploads.splice(index, 1)
  }

  function add(files: Iterable<File>): void {
    const id = ticketId.value
    for (const file of files) {
      const entry = reactive<RunningUpload>({ key: next++, name: file.name, share: 0, stop: () => running.abort() })
      uploads.push(entry)
      const running = uploadAttachment(id, file, (share) => (entry.share = share))
      void running.done.then(({ data, error }) => {
        if (error) entry.failure = error.detail || error.title
        else remove(entry)
        if (data) void Promise.all([tickets.fetchTicket(id), tickets.fetchEvents(id)])
      })
    }
  }
  return { uploads, add, remove }
}
