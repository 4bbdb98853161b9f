import { nextTick, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { useResource } from './useResource'

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => (resolve = done))
  return { promise, resolve }
}

describe('a resource', () => {
  it('drops an answer that a newer question has overtaken', async () => {
    const answers = { a: deferred<{ data: string }>(), b: deferred<{ data: string }>() }
    const id = ref<'a' | 'b'>('a')
    const { data } = useResource(
      () => id.value,
      (which) => answers[which].promise,
    )
    id.value = 'b'
    await nextTick()
    answers.b.resolve({ data: 'B' })
    await answers.b.promise
    await nextTick()
    answers.a.resolve({ data: 'A' })
    await answers.a.promise
    await nextTick()
    expect(data.value).toBe('B')
  })

  it('keeps what is shown when reading again fails', async () => {
    const problem = { type: 'about:blank', title: 't', status: 599, detail: 'd', code: 'offline' }
    let answer: { data?: string; error?: typeof problem } = { data: 'first' }
    const resource = useResource(
      () => 1,
      () => Promise.resolve(answer),
    )
    await nextTick()
    answer = { error: problem }
    await resource.reload()
    expect(resource.data.value).toBe('first')
    expect(resource.problem.value?.code).toBe('offline')
  })
})
