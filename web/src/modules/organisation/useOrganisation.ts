import { ref } from 'vue'
import { api, type Area, type Unit } from '@/api'

/** Small lists that hardly change: asked for once per visit, shared by all who show names. */
function once<T extends { id: string; name: string }>(ask: () => Promise<{ data?: { items: T[] } }>) {
  const items = ref<T[]>([])
  let asked: Promise<void> | undefined
  async function load(): Promise<void> {
    const { data } = await ask()
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

export const useAreas = once<Area>(() => api.GET('/areas'))
export const useUnits = once<Unit>(() => api.GET('/units'))
