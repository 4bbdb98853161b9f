import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { api, clickKey, type Hold, type Problem } from '@/api'
import { inOrder } from './hold'

/** What stands still until somebody releases it, for those who may. */
export const useHolds = defineStore('holds', () => {
  const found = shallowRef<Hold[]>([])
  const open = computed(() => inOrder(found.value))
  /** Counts up with each release, for lists of history. */
  const released = shallowRef(0)

  /** What was shown stays when the server cannot be asked: the banner of the network says so. */
  async function load(): Promise<void> {
    const { data } = await api.GET('/holds', { params: { query: { state: 'open', limit: 50 } } })
    if (data) found.value = data.items
  }

  async function release(hold: Hold, comment: string): Promise<Problem | undefined> {
    const { error } = await api.POST('/holds/{id}/release', {
      params: { path: { id: hold.id }, header: clickKey() },
      body: { comment },
    })
    // Somebody was faster, or it is done: either way the list is another one now.
    await load()
    released.value += 1
    return error
  }

  return { open, released, load, release }
})
