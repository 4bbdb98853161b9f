import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api, type Notice, type Problem } from '@/api'

/** What the engine of deadlines and the colleagues have to say to the signed-in person. */
export const useNotices = defineStore('notices', () => {
  const items = shallowRef<Notice[]>([])
  const cursor = shallowRef<string | null>(null)
  const problem = shallowRef<Problem>()
  const loaded = ref(false)
  const unread = computed(() => items.value.filter(({ read_at }) => !read_at).length)

  async function load(): Promise<void> {
    const { data, error } = await api.GET('/notices', { params: { query: { limit: 100 } } })
    problem.value = error
    if (!data) return
    loaded.value = true
    items.value = data.items
    cursor.value = data.next_cursor
  }

  async function more(): Promise<void> {
    if (!cursor.value) return
    const { data, error } = await api.GET('/notices', { params: { query: { limit: 100, cursor: cursor.value } } })
    problem.value = error
    if (!data) return
    items.value = [...items.value, ...data.items]
    cursor.value = data.next_cursor
  }

  /** From the stream; the same notice may come twice after a reconnect and is shown once. */
  function add(notice: Notice): void {
    if (!items.value.some(({ id }) => id === notice.id)) items.value = [notice, ...items.value]
  }

  const mark = (isMeant: (notice: Notice) => boolean, read_at: string | null) => {
    items.value = items.value.map((notice) => (isMeant(notice) ? { ...notice, read_at } : notice))
  }

  async function read(notice: Notice): Promise<void> {
    if (notice.read_at) return
    mark(({ id }) => id === notice.id, new Date().toISOString())
    const { error } = await api.POST('/notices/{id}/commands/read', { params: { path: { id: notice.id } }, body: {} })
    if (error) mark(({ id }) => id === notice.id, null)
  }

  async function readAll(): Promise<void> {
    const { error } = await api.POST('/notices/commands/read_all', { body: {} })
    problem.value = error
    if (!error) mark(({ read_at }) => !read_at, new Date().toISOString())
  }

  return { items, unread, cursor, problem, loaded, load, more, add, read, readAll }
})
