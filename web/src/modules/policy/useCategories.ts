import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, type CategoryNode, type TicketClass } from '@/api'

/** The category trees of the classes, asked for once per visit: they change with the policy, that is, rarely. */
const trees = ref<Partial<Record<TicketClass, CategoryNode[]>>>({})
let asked: Promise<void> | undefined

async function ask(): Promise<void> {
  const { data } = await api.GET('/policies/current')
  if (data)
    trees.value = Object.fromEntries(
      Object.entries(data.document.classes).map(([name, rules]) => [name, rules.categories]),
    )
  else asked = undefined
}

export interface CategoryChoice {
  value: string
  label: string
  depth: number
}

type Language = keyof CategoryNode['name']

function flatten(nodes: CategoryNode[], language: Language, depth = 0): CategoryChoice[] {
  return nodes.flatMap((node) => [
    { value: node.code, label: node.name[language], depth },
    ...flatten(node.children ?? [], language, depth + 1),
  ])
}

export function useCategories() {
  asked ??= ask()
  const { locale } = useI18n()
  const flat = (nodes: CategoryNode[]) => flatten(nodes, locale.value as Language)
  const choices = (of: TicketClass | undefined | null) => flat((of && trees.value[of]) ?? [])
  function nameOf(value: string | null, of?: TicketClass | null): string {
    const among = of ? choices(of) : Object.values(trees.value).flatMap(flat)
    return among.find((choice) => choice.value === value)?.label ?? value ?? ''
  }
  return { choices, nameOf }
}
