import { computed, reactive, ref, shallowRef, watch } from 'vue'
import type { Problem } from '@/api'
import { useKeptForm } from '@/modules/draft/useKeptForm'
import { merge, same } from '@/shared/merge'
import { emptyFields, fieldsOf, type Fields, type Kind, type KnowledgeRecord } from './record'
import { createRecord, giveRecord, readRecord, saveRecord } from './records'

/** What somebody else saved meanwhile, and which fields both changed. */
export interface Overtaken {
  before: Fields
  by: KnowledgeRecord
  conflicts: (keyof Fields)[]
}

const copy = (fields: Fields): Fields => ({ ...fields })

/** An article or script being written: kept in this browser with each key (E6), saved over the version it was begun on. */
export function useRecordForm(kind: Kind, opened: KnowledgeRecord | undefined) {
  const forms = useKeptForm<Fields>()
  const place = `knowledge-${kind}-${opened?.id ?? 'new'}`

  const record = shallowRef(opened)
  const fields = reactive<Fields>(copy(opened?.fields ?? emptyFields()))
  const problem = ref<Problem>()
  const overtaken = shallowRef<Overtaken>()
  const pending = ref(false)
  const restored = ref(false)
  let key = crypto.randomUUID()

  const stored = () => record.value?.fields ?? emptyFields()
  const changed = computed(() => !same(stored(), fields))

  function rebase(before: Fields, mine: Fields, newest: KnowledgeRecord): void {
    const { value, conflicts } = merge(before, mine, newest.fields)
    overtaken.value = {
      before,
      by: newest,
      conflicts: fieldsOf[kind].filter((name) => conflicts.includes(`/${name}`)),
    }
    record.value = newest
    Object.assign(fields, value)
  }

  const kept = forms.read(place)
  if (kept && !same(kept.base, kept.value)) {
    restored.value = true
    if (opened && kept.version !== opened.version) rebase(kept.base, kept.value, opened)
    else Object.assign(fields, emptyFields(), kept.value)
  }
  watch(fields, (now) => {
    if (changed.value)
      forms.keep(place, { version: record.value?.version ?? 0, base: copy(stored()), value: copy(now) })
    else forms.forget(place)
    if (problem.value?.errors?.length) problem.value = undefined
  })

  async function refuse(error: Problem | undefined): Promise<undefined> {
    problem.value = error
    if (error?.status === 412 && record.value) {
      const { data: newest } = await readRecord(kind, record.value.id)
      if (newest) rebase(stored(), copy(fields), newest)
    }
    return undefined
  }
  async function store(draft: boolean): Promise<KnowledgeRecord | undefined> {
    const now = record.value
    if (now && !changed.value) return now
    const { data, error } = now ? await saveRecord(kind, now, fields) : await createRecord(kind, fields, draft, key)
    // Only an answer of the server ends a click; a lost one is asked again under the same key.
    if (!error || error.status !== 599) key = crypto.randomUUID()
    if (!data) return refuse(error)
    forms.forget(place)
    record.value = data
    return data
  }

  /** @returns the record as it then stands; undefined when it was refused, with `problem` telling why */
  async function save(then: 'keep' | 'publish'): Promise<KnowledgeRecord | undefined> {
    if (pending.value) return undefined
    pending.value = true
    problem.value = undefined
    let saved = await store(then === 'keep')
    if (saved && then === 'publish' && saved.state !== 'in_use') {
      const { data, error } = await giveRecord(kind, saved, 'publish')
      saved = data ?? (await refuse(error))
    }
    pending.value = false
    if (saved) {
      overtaken.value = undefined
      restored.value = false
    }
    return saved
  }
  function giveUp(): void {
    forms.forget(place)
    Object.assign(fields, stored())
  }

  return { record, fields, problem, overtaken, pending, restored, changed, save, giveUp }
}

/** Whether something was typed and not saved, so that it is shown again after a reload. */
export function useHasKeptRecord() {
  const forms = useKeptForm<Fields>()
  return (kind: Kind, id: string | undefined): boolean => {
    const kept = forms.read(`knowledge-${kind}-${id ?? 'new'}`)
    return Boolean(kept && !same(kept.base, kept.value))
  }
}
