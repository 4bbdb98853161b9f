import { computed, ref, shallowRef, watch } from 'vue'
import { api, ifMatch, type Policy, type PolicyDocument, type Problem } from '@/api'
import { useKeptForm } from '@/modules/draft/useKeptForm'
import { merge, same } from '@/shared/merge'
import { useResource } from '@/shared/useResource'
import { changesOf, type PolicyChange } from './policy_changes'
import { copyOf } from './policy_form'
import { forgetCategories } from './useCategories'

const place = 'policy'

/** What somebody else saved while the document was edited here. */
export interface Overtaken {
  by: Policy
  changes: PolicyChange[]
  /** Pointers of what both changed; what was typed here stands there. */
  conflicts: string[]
}

/**
 * The policy being edited: kept in this browser as it is typed (E6), saved over the version it was begun on. When that
 * is no longer the one in force, the edits are put on top of the newer one, and what is different is told.
 */
export function usePolicyEditing(mayEdit: () => boolean) {
  const forms = useKeptForm<PolicyDocument>()
  const { data, problem, reload } = useResource(
    () => true,
    () => api.GET('/policies/current'),
  )
  const policy = shallowRef<Policy>()
  const draft = ref<PolicyDocument>()
  const refused = ref<Problem>()
  const overtaken = shallowRef<Overtaken>()
  const pending = ref(false)
  const restored = ref(false)

  const changes = computed(() => (policy.value && draft.value ? changesOf(policy.value.document, draft.value) : []))
  const changed = computed(() => Boolean(policy.value && draft.value && !same(policy.value.document, draft.value)))

  function adopt(now: Policy): void {
    policy.value = now
    draft.value = copyOf(now.document)
  }
  /** Puts `mine`, begun on `base`, on top of the version that counts now. */
  function rebase(base: PolicyDocument, mine: PolicyDocument, newest: Policy): void {
    const { value, conflicts } = merge(base, mine, newest.document)
    overtaken.value = { by: newest, changes: changesOf(base, newest.document), conflicts }
    policy.value = newest
    draft.value = copyOf(value)
  }

  watch(data, (now) => {
    if (!now || policy.value) return
    adopt(now)
    const kept = mayEdit() ? forms.read(place) : undefined
    if (!kept || same(kept.base, kept.value)) return
    restored.value = true
    // Kept by an older page, it may lack what the document has by now.
    if (kept.version === now.version) draft.value = copyOf(merge(kept.base, kept.value, now.document).value)
    else rebase(kept.base, kept.value, now)
  })
  watch(
    draft,
    (now) => {
      if (!now || !policy.value || !mayEdit()) return
      if (changed.value) forms.keep(place, { version: policy.value.version, base: policy.value.document, value: now })
      else forms.forget(place)
    },
    { deep: true },
  )

  /** @returns whether it was saved */
  async function save(): Promise<boolean> {
    if (!policy.value || !draft.value || pending.value) return false
    pending.value = true
    const { data: now, error } = await api.PUT('/policies/current', {
      params: { header: ifMatch(policy.value) },
      body: draft.value,
    })
    refused.value = error
    if (error?.status === 412) {
      const { data: newest } = await api.GET('/policies/current')
      if (newest) rebase(policy.value.document, draft.value, newest)
    }
    pending.value = false
    if (!now) return false
    forms.forget(place)
    overtaken.value = undefined
    restored.value = false
    adopt(now)
    forgetCategories()
    return true
  }
  function giveUp(): void {
    refused.value = undefined
    overtaken.value = undefined
    restored.value = false
    if (policy.value) draft.value = copyOf(policy.value.document)
    forms.forget(place)
  }

  return { policy, draft, problem, reload, refused, overtaken, restored, pending, changed, changes, save, giveUp }
}
