import { defineStore } from 'pinia'
import { ref } from 'vue'
import { openStream, type StreamMessage, type StreamState } from '@/api'
import { useNotices } from '@/modules/notice/notice.store'
import { useSession } from '@/modules/session/session.store'
import { useTickets } from '@/modules/ticket/ticket.store'
import { useInbox } from '@/modules/slip/inbox.store'
import { useQueue } from '@/modules/workbench/queue.store'
import { learnServerTime } from '@/shared/clock'

/** What the server pushes, brought into the caches. The stream only says that something changed; REST says what. */
export const useLive = defineStore('live', () => {
  const tickets = useTickets()
  const queue = useQueue()
  const inbox = useInbox()
  const notices = useNotices()
  const session = useSession()
  const state = ref<StreamState>('closed')
  let stream: { close: () => void } | undefined

  function receive(message: StreamMessage): void {
    if (message.type === 'hello') learnServerTime(Date.parse(message.server_time))
    else if (message.type === 'notice') notices.add(message.notice)
    else {
      if (message.type === 'ticket') tickets.touch(message.ticket_id, message.version)
      if (queue.loaded) void queue.follow()
      if (inbox.loaded) void inbox.follow()
    }
  }

  /** Something may have been missed: look again at all that is shown. */
  function catchUp(): void {
    tickets.touchWatched()
    if (session.may('notice_read')) void notices.load()
    if (queue.loaded) void queue.follow()
    if (inbox.loaded) void inbox.follow()
  }

  function open(): void {
    stream ??= openStream({ message: receive, gap: catchUp, state: (now) => (state.value = now) })
  }
  function close(): void {
    stream?.close()
    stream = undefined
  }
  return { state, open, close }
})
