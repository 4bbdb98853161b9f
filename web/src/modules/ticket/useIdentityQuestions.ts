import { computed, ref } from 'vue'
import { api, type CategoryNode } from '@/api'
import { settings } from '@/shared/settings'

/** What may be asked to know who somebody is (E3): the list of the policy in force, asked for once per visit. */
const questions = ref<CategoryNode[]>()
let asked: Promise<void> | undefined

async function ask(): Promise<void> {
  const { data } = await api.GET('/policies/current')
  if (data) questions.value = data.document.identity_questions
  else asked = undefined
}

export function useIdentityQuestions() {
  asked ??= ask()
  const named = computed(() =>
    (questions.value ?? []).map(({ code, name, retired }) => ({ code, name: name[settings.value.language], retired })),
  )
  return {
    choices: computed(() => named.value.filter(({ retired }) => !retired)),
    nameOf: (code: string) => named.value.find((one) => one.code === code.trim())?.name ?? code,
  }
}
