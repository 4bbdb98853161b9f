import { computed, ref } from 'vue'
import { api, type PolicyDocument } from '@/api'
import { settings } from '@/shared/settings'

/** Why a unit may reject a slip: the list of the policy in force, asked for once per visit. */
const document = ref<PolicyDocument>()
let asked: Promise<void> | undefined

async function ask(): Promise<void> {
  const { data } = await api.GET('/policies/current')
  if (data) document.value = data.document
  else asked = undefined
}

export function useRejectionReasons() {
  asked ??= ask()
  const named = computed(() =>
    (document.value?.rejection_reasons ?? []).map(({ code, name, retired }) => ({
      code,
      name: name[settings.value.language],
      retired,
    })),
  )
  return {
    loaded: computed(() => document.value !== undefined),
    choices: computed(() => named.value.filter(({ retired }) => !retired)),
    /** Whether only what stands in the list is taken. */
    strict: computed(() => document.value?.strict_rejection_reasons === true),
    /** A reason is a code of the list, or words. */
    nameOf: (reason: string) => named.value.find(({ code }) => code === reason)?.name ?? reason,
  }
}
