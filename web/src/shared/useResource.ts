import { ref, shallowRef, watch, type Ref } from 'vue'
import type { Problem } from '@/api'

export interface Resource<T> {
  data: Readonly<Ref<T | undefined>>
  problem: Readonly<Ref<Problem | undefined>>
  loading: Readonly<Ref<boolean>>
  reload: () => Promise<void>
}

/**
 * Something read from the server, read again when `source` changes. An answer that is overtaken by a newer question is
 * dropped; while reading again, what is already shown stays.
 */
export function useResource<S, T>(
  source: () => S,
  ask: (source: NonNullable<S>) => Promise<{ data?: T; error?: Problem }>,
  keepWhile: (now: S, before: S | undefined) => boolean = () => false,
): Resource<T> {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const loading = ref(false)
  let latest = 0

  async function read(of: S, keep: boolean): Promise<void> {
    const mine = ++latest
    if (!keep) data.value = undefined
    problem.value = undefined
    if (of === undefined || of === null) return
    loading.value = true
    const answer = await ask(of)
    if (mine !== latest) return
    loading.value = false
    if (answer.data !== undefined) data.value = answer.data
    problem.value = answer.error
  }

  watch(source, (now, before) => void read(now, before !== undefined && keepWhile(now, before)), { immediate: true })
  return { data, problem, loading, reload: () => read(source(), true) }
}
