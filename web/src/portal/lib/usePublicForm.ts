import { ref, shallowRef, watch } from 'vue'
import { settings, type Language } from '@/shared/settings'
import { timeZone } from '@/shared/timezone'
import { loadForm, type PublicForm } from '../api'
import { readShelf, writeShelf } from './browser'

const form = shallowRef<PublicForm>()
const failed = ref(false)
let loadedFor: Language | undefined

/** The last one read stays in the browser, so that the form can be filled in without a network too. */
const placeOf = (language: Language) => `shouwen.portal.form.${language}`

function show(one: PublicForm): void {
  form.value = one
  timeZone.value = one.hours.time_zone
}

async function load(): Promise<void> {
  const { language } = settings.value
  if (loadedFor === language) return
  const last = readShelf(localStorage, placeOf(language)) as PublicForm | null
  if (last?.hours) show(last)
  const { data } = await loadForm()
  if (language !== settings.value.language) return
  failed.value = !data
  if (!data) return
  loadedFor = language
  show(data)
  writeShelf(localStorage, placeOf(language), data)
}

/** What the organisation offers, in the reader's language. */
export function usePublicForm() {
  watch(() => settings.value.language, load, { immediate: true })
  return { form, failed, load }
}
