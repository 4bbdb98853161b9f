import { reactive } from 'vue'
import { api, type Staff } from '@/api'
import { useSession } from '@/modules/session/session.store'

const byUnit = reactive(new Map<string, Staff[]>())
const known = reactive(new Map<string, string>())
const asked = new Set<string>()

async function once(key: string, ask: () => Promise<boolean>): Promise<void> {
  if (asked.has(key)) return
  asked.add(key)
  if (!(await ask())) asked.delete(key)
}

/** Colleagues by unit, and the names behind ids that a history holds; each asked for once per visit. */
export function useStaffNames() {
  const session = useSession()

  function ofUnit(unitId: string): readonly Staff[] {
    if (unitId && session.may('staff_read'))
      void once(`unit:${unitId}`, async () => {
        const { data } = await api.GET('/staff', { params: { query: { unit_id: unitId, limit: 200 } } })
        if (!data) return false
        byUnit.set(unitId, data.items)
        for (const { id, name } of data.items) known.set(id, name)
        return true
      })
    return byUnit.get(unitId) ?? []
  }

  function nameOf(id: string): string {
    if (!known.has(id) && session.may('staff_read'))
      void once(id, async () => {
        const { data } = await api.GET('/staff/{id}', { params: { path: { id } } })
        if (data) known.set(id, data.name)
        return true
      })
    return known.get(id) ?? ''
  }
  return { ofUnit, nameOf, isKnown: (unitId: string) => byUnit.has(unitId) }
}
