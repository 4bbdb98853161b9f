import { ref } from 'vue'
import { api, everyPage, type Area, type Page, type Unit } from '@/api'

interface Items<T> {
  items: T[]
  next_cursor: string | null
}

/** Small lists that hardly change: asked for once per visit, shared by all who show names. */
function once<T extends { id: string; name: string }>(ask: (page: Page) => Promise<{ data?: Items<T> }>) {
  const items = ref<T[]>([])
  let asked: Promise<void> | undefined
  async function load(): Promise<void> {
    const { data } = await everyPage(ask)
    if (data) items.value = data.items as typeof items.value
    else asked = undefined
  }
  return () => {
    asked ??= load()
    return {
      items,
      nameOf: (id: string | null | undefined) => items.value.find((one) => one.id === id)?.name ?? '',
      reload: () => (asked = load()),
    }
  }
}

export const useAreas = once<Area>((query) => api.GET('/areas', { params: { query } }))
export const useUnits = once<Unit>((query) => api.GET('/units', { params: { query } }))
