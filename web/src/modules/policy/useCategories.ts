import { ref } from 'vue'
import { api, type CategoryNode, type TicketClass } from '@/api'

/** The category trees of the classes, asked for once per visit: they change with the policy, that is, rarely. */
const trees = ref<Partial<Record<TicketClass, CategoryNode[]>>>({})
let asked: Promise<void> | undefined

async function ask(): Promise<void> {
  const { data } = await api.GET('/policies/current')
  if (data) trees.value = data.document.categories ?? {}
  else asked = undefined
}

export interface CategoryChoice {
  value: string
  label: string
  depth: number
}

function flatten(nodes: CategoryNode[], depth = 0): CategoryChoice[] {
  return nodes.flatMap((node) => [
    { value: node.name, label: node.name, depth },
    ...flatten(node.children ?? [], depth + 1),
  ])
}

export function useCategories() {
  asked ??= ask()
  const choices = (of: TicketClass | undefined | null) => flatten((of && trees.value[of]) ?? [])
  function nameOf(value: string | null, of?: TicketClass | null): string {
    const among = of ? choices(of) : Object.values(trees.value).flatMap((nodes) => flatten(nodes))
    return among.find((choice) => choice.value === value)?.label ?? value ?? ''
  }
  return { choices, nameOf }
}
