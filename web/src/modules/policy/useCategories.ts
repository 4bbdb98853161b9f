import { ref, watch } from 'vue'
import { api, type TicketClass } from '@/api'
import { settings } from '@/shared/settings'

export interface Category {
  class: TicketClass
  code: string
  name: string
}

/** The categories of the classes, with names in the reader's language; asked for once per visit and language. */
const categories = ref<Category[]>([])
let asked = false

async function ask(): Promise<void> {
  const { data } = await api.GET('/public/form')
  if (data) categories.value = data.categories
  else asked = false
}
watch(
  () => settings.value.language,
  () => asked && void ask(),
)

export function useCategories() {
  if (!asked) {
    asked = true
    void ask()
  }
  const choices = (of: TicketClass | undefined | null) => categories.value.filter((one) => one.class === of)
  function nameOf(code: string | null, of?: TicketClass | null): string {
    const known = categories.value.find((one) => one.code === code && (!of || one.class === of))
    return known?.name ?? code ?? ''
  }
  return { choices, nameOf }
}
