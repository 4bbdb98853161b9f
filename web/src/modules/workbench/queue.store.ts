import { useLocalStorage, useThrottleFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, type Counts, type Problem, type TicketQuery } from '@/api'
import { useSession } from '@/modules/session/session.store'
import { useTickets } from '@/modules/ticket/ticket.store'
import { busiestView, firstView, viewsFor, type QueueView } from './queue_views'

export type { QueueView }

export const queueSorts = ['due_at', '-created_at'] as const
export type QueueSort = (typeof queueSorts)[number]

const pageSize = 200
const refreshMs = 3_000

/** The list on the left: ids in the server's order, page after page as somebody scrolls. */
export const useQueue = defineStore('queue', () => {
  const tickets = useTickets()
  const session = useSession()
  const views = computed(() => viewsFor(session.may))
  const view = ref<QueueView>(firstView(views.value))
  /** Somebody chose the view, by a tab or an address; until then it may be changed for them. */
  const isChosen = ref(false)
  const sort = useLocalStorage<QueueSort>('shouwen.queue.sort', 'due_at')
  const ids = shallowRef<string[]>([])
  const cursor = shallowRef<string | null>(null)
  const loaded = ref(false)
  const loading = ref(false)
  const problem = shallowRef<Problem>()
  const counts = ref<Counts>()
  let latest = 0

  async function page(query: TicketQuery) {
    const { data, error } = await api.GET('/tickets', { params: { query: { limit: pageSize, ...query } } })
    for (const ticket of data?.items ?? []) tickets.remember(ticket)
    return { data, error }
  }

  async function load(): Promise<void> {
    const mine = ++latest
    loading.value = true
    const { data, error } = await page({ view: view.value, sort: sort.value })
    if (mine !== latest) return
    loading.value = false
    problem.value = error
    if (!data) return
    loaded.value = true
    ids.value = data.items.map(({ id }) => id)
    cursor.value = data.next_cursor
  }

  /** The next page, when the reader comes near the end. */
  async function more(): Promise<void> {
    if (loading.value || !cursor.value) return
    const mine = latest
    loading.value = true
    const { data, error } = await page({ view: view.value, sort: sort.value, cursor: cursor.value })
    if (mine !== latest) return
    loading.value = false
    problem.value = error
    if (!data) return
    const have = new Set(ids.value)
    ids.value = [...ids.value, ...data.items.map(({ id }) => id).filter((id) => !have.has(id))]
    cursor.value = data.next_cursor
  }

  /** Reads as many pages again as are shown, up to what one screen's work needs; keeps the place. */
  async function refresh(): Promise<void> {
    const mine = latest
    const { data } = await page({ view: view.value, sort: sort.value })
    if (mine !== latest || !data) return
    problem.value = undefined
    const first = data.items.map(({ id }) => id)
    const fresh = new Set(first)
    const isAll = data.next_cursor === null
    // Beyond the first page the old order is good enough until somebody scrolls there again.
    ids.value = isAll ? first : [...first, ...ids.value.slice(pageSize).filter((id) => !fresh.has(id))]
    if (isAll || ids.value.length <= pageSize) cursor.value = data.next_cursor
  }

  async function readCounts(): Promise<void> {
    const { data } = await api.GET('/tickets/counts')
    if (data) counts.value = data
  }

  function choose(wanted: QueueView): void {
    isChosen.value = true
    view.value = wanted
  }

  /** Nothing in the view one begins with: show where there is something to do. */
  watch([loaded, counts], () => {
    if (isChosen.value || !loaded.value || !counts.value || ids.value.length > 0) return
    view.value = busiestView(views.value, counts.value, session.may) ?? view.value
    isChosen.value = true
  })

  /** After the stream has told of changes: at most one look per few seconds, whatever the traffic. */
  const follow = useThrottleFn(() => Promise.all([readCounts(), refresh()]), refreshMs, true)

  watch([view, sort], () => {
    ids.value = []
    cursor.value = null
    loaded.value = false
    void load()
  })

  return {
    view,
    views,
    choose,
    sort,
    ids,
    cursor,
    loaded,
    loading,
    problem,
    counts,
    load,
    more,
    refresh,
    readCounts,
    follow,
  }
})
