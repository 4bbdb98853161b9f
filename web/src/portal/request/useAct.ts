import { ref } from 'vue'
import type { Problem } from '@/api/types'
import type { Answer, PublicRequest } from '../api'
import { onceKeys } from '../lib/once'

/** Something the customer does to the request; pressing twice, or again after a lost answer, does it once. */
export function useAct<Body>(
  send: (body: Body, key: string) => Promise<Answer<PublicRequest>>,
  take: (answer: Answer<PublicRequest>) => Problem | undefined,
) {
  const keys = onceKeys()
  const pending = ref(false)
  const problem = ref<Problem>()

  /** @returns whether it is done */
  async function act(body: Body): Promise<boolean> {
    if (pending.value) return false
    pending.value = true
    problem.value = undefined
    const answer = await send(body, keys.of(body))
    pending.value = false
    problem.value = take(answer)
    if (!answer.data) return false
    keys.done()
    return true
  }
  return { act, pending, problem }
}
