import { ref } from 'vue'
import { api, type PolicyDocument, type TicketClass } from '@/api'
import { settings } from '@/shared/settings'
import { rowsOf } from './category_tree'

export interface Category {
  class: TicketClass
  code: string
  /** With the names above it: `停车 / 月卡`. */
  name: string
  /** Names what older tickets hold; can no longer be chosen. */
  retired: boolean
}

/** The category trees of the policy in force; asked for once per visit, and again when the policy was saved here. */
const trees = ref<PolicyDocument['classes']>()
let asked = false

async function ask(): Promise<void> {
  asked = true
  const { data } = await api.GET('/policies/current')
  if (data) trees.value = data.document.classes
  else asked = false
}
export function forgetCategories(): void {
  if (asked) void ask()
}

function categoriesOf(of: TicketClass): Category[] {
  const rows = rowsOf(trees.value?.[of].categories ?? [], '')
  const nameAt = (place: number[]) =>
    rows.find((row) => row.place.join() === place.join())?.node.name[settings.value.language] ?? ''
  return rows.map(({ node, place, retired }) => ({
    class: of,
    code: node.code,
    name: place.map((_index, depth) => nameAt(place.slice(0, depth + 1))).join(' / '),
    retired,
  }))
}

export function useCategories() {
  if (!asked) void ask()
  const choices = (of: TicketClass | undefined | null) => (of ? categoriesOf(of).filter(({ retired }) => !retired) : [])
  function nameOf(code: string | null, of?: TicketClass | null): string {
    if (!code || !trees.value) return code ?? ''
    const places = of ? [of] : (Object.keys(trees.value) as TicketClass[])
    for (const one of places) {
      const known = categoriesOf(one).find((category) => category.code === code)
      if (known) return known.name
    }
    return code
  }
  return { choices, nameOf }
}
