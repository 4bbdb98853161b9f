import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import type { Problem } from '@/api/types'
import { isPassing, loadRequest, type Answer, type Pass, type PublicRequest } from '../api'
import { remember } from '../follow/remembered'
import { pauseMs } from '../lib/patience'

/** One request, kept fresh while somebody looks at it: every 15 s, less often when the server is silent, never in a hidden tab. */
export function useRequest(pass: Pass) {
  const request = shallowRef<PublicRequest>()
  const problem = ref<Problem>()
  const isLoading = ref(false)
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  /** @returns what the answer was refused for */
  function take({ data, problem: refused }: Answer<PublicRequest>): Problem | undefined {
    if (data) {
      request.value = data
      problem.value = undefined
      remember({ ...pass, subject: data.subject })
    }
    return refused
  }

  async function load(): Promise<void> {
    if (isLoading.value) return
    clearTimeout(timer)
    isLoading.value = true
    const answer = await loadRequest(pass)
    isLoading.value = false
    if (gone) return
    problem.value = take(answer)
    failures = answer.problem ? failures + 1 : 0
    // A wrong secret does not get right by asking again, and asking again is what guessers do.
    if (answer.problem && !isPassing(answer.problem)) return
    if (!document.hidden) timer = setTimeout(() => void load(), pauseMs(failures, answer.waitMs))
  }

  const arrange = () => {
    clearTimeout(timer)
    if (!document.hidden && (!problem.value || isPassing(problem.value))) void load()
  }
  document.addEventListener('visibilitychange', arrange)
  window.addEventListener('online', arrange)
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', arrange)
    window.removeEventListener('online', arrange)
  })
  void load()

  /** Shown although the last question to the server failed. */
  const isStale = computed(() => request.value !== undefined && problem.value !== undefined)
  return { request, problem, isLoading, isStale, load, take }
}
