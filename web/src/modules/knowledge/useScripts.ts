import { ref, watch, type Ref } from 'vue'
import { api, type Script, type TicketSummary } from '@/api'

type About = Pick<TicketSummary, 'step' | 'channel' | 'emotion'>

/** The standard wording for this step, channel and mood (A5, E4). */
export function useScripts(about: Ref<About | undefined>) {
  const scripts = ref<Script[]>([])
  watch(
    () => [about.value?.step, about.value?.channel, about.value?.emotion].join(),
    async () => {
      if (!about.value) return
      const { step, channel, emotion } = about.value
      const { data } = await api.GET('/scripts', {
        params: { query: { step, channel, emotion: emotion ?? undefined } },
      })
      scripts.value = data?.items ?? []
    },
    { immediate: true },
  )
  return scripts
}
