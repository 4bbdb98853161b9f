import { useThrottleFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api, type Problem, type SlipInInbox } from '@/api'
import { useTickets } from '@/modules/ticket/ticket.store'
import { serverNow } from '@/shared/clock'
import { refreshed } from './inbox'

const pageSize = 200
const refreshMs = 3_000

/** The open slips of the own units, next due first. */
export const useInbox = defineStore('inbox', () => {
  const tickets = useTickets()
  const rows = shallowRef<SlipInInbox[]>([])
  const cursor = shallowRef<string | null>(null)
  const loaded = ref(false)
  const loading = ref(false)
  const problem = shallowRef<Problem>()
  const readAt = ref(0)
  let latest = 0

  const slips = computed(() =>
    rows.value.map((row) => refreshed(row, tickets.known.get(row.ticket_id))).filter(({ ended_at }) => !ended_at),
  )

  async function read(from?: string): Promise<void> {
    const mine = ++latest
    loading.value = true
    const { data, error } = await api.GET('/slips', { params: { query: { limit: pageSize, cursor: from } } })
    if (mine !== latest) return
    loading.value = false
    problem.value = error
    if (!data) return
    loaded.value = true
    readAt.value = serverNow()
    const have = new Set(data.items.map(({ id }) => id))
    rows.value = from ? [...rows.value.filter(({ id }) => !have.has(id)), ...data.items] : data.items
    cursor.value = data.next_cursor
  }
  const load = () => read()
  const more = () => (cursor.value ? read(cursor.value) : Promise.resolve())
  /** After the stream has told of changes: at most one look per few seconds. */
  const follow = useThrottleFn(load, refreshMs, true)

  return { slips, cursor, loaded, loading, problem, readAt, load, more, follow }
})
