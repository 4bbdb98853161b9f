import { computed, type Ref } from 'vue'
import { api, type ArticleState, type Problem } from '@/api'
import { useResource } from '@/shared/useResource'
import { findScripts } from './placeholders'
import type { Kind } from './record'

/** One line of the list; what one kind does not have is null. */
export interface ListItem {
  id: string
  title: string
  body: string
  shortcut: string | null
  class: string | null
  step: string | null
  channel: string | null
  updated_at: string
}

interface Page {
  items: ListItem[]
  next: string | null
}
interface Ask {
  kind: Kind
  state: ArticleState
  q: string
}

const blank = { body: '', shortcut: null, class: null, step: null, channel: null }

async function ask({ kind, state, q }: Ask): Promise<{ data?: Page; error?: Problem }> {
  if (kind === 'article') {
    // What is not in use is not in the search index; there the page looks through the titles itself.
    const { data, error } = await api.GET('/articles', {
      params: { query: { q: (state === 'in_use' && q) || undefined, state, limit: 200 } },
    })
    return { data: data && { items: data.items.map((one) => ({ ...blank, ...one })), next: data.next_cursor }, error }
  }
  const { data, error } =
    state === 'in_use'
      ? await api.GET('/scripts')
      : await api.GET('/scripts/unused', { params: { query: { state, limit: 200 } } })
  return { data: data && { items: data.items.map((one) => ({ ...blank, ...one })), next: null }, error }
}

export function useRecordList(kind: Ref<Kind>, state: Ref<ArticleState>, query: Ref<string>) {
  const bySearch = computed(() => kind.value === 'article' && state.value === 'in_use')
  const { data, problem, reload } = useResource(
    () => ({ kind: kind.value, state: state.value, q: bySearch.value ? query.value.trim() : '' }),
    ask,
    (now, before) => now.kind === before?.kind && now.state === before.state,
  )
  const items = computed(() => {
    const all = data.value?.items
    return all && (bySearch.value ? all : findScripts(all, query.value))
  })
  return { items, problem, reload }
}
