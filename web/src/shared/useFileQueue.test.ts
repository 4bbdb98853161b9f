import { describe, expect, it } from 'vitest'
import { effectScope, nextTick } from 'vue'
import type { Problem } from '@/api/types'
import { useFileQueue } from './useFileQueue'

type Outcome = { data?: string; error?: Problem }
const problem = (status: number): Problem => ({ type: 'x', title: 'x', detail: 'x', code: 'x', status })

function given() {
  const sent: { name: string; key: string; end: (outcome: Outcome) => void }[] = []
  const arrived: string[] = []
  let keys = 0
  const queue = effectScope().run(() =>
    useFileQueue<string>(
      (file, { key, progress }) => {
        progress(0.5)
        let end: (outcome: Outcome) => void = () => undefined
        const done = new Promise<Outcome>((resolve) => (end = resolve))
        sent.push({ name: file.name, key, end })
        return { done, stop: () => end({}) }
      },
      (answer) => arrived.push(answer),
      () => `key${keys++}`,
    ),
  )
  if (!queue) throw new Error('no scope')
  const file = (name: string) => new File(['x'], name)
  const settle = async () => {
    for (let i = 0; i < 5; ++i) await nextTick()
  }
  return { queue, sent, arrived, file, settle }
}

describe('files on their way', () => {
  it('go one after another', async () => {
    const { queue, sent, arrived, file, settle } = given()
    queue.add([file('a'), file('b')])
    expect(sent.map(({ name }) => name)).toEqual(['a'])
    expect(queue.files.map(({ state, share }) => [state, share])).toEqual([
      ['sending', 0.5],
      ['waiting', 0],
    ])
    sent[0]?.end({ data: 'A' })
    await settle()
    expect(sent.map(({ name }) => name)).toEqual(['a', 'b'])
    sent[1]?.end({ data: 'B' })
    await settle()
    expect(arrived).toEqual(['A', 'B'])
    expect(queue.files).toEqual([])
  })

  it('stay in sight when they fail, and go again under the same key', async () => {
    const { queue, sent, arrived, file, settle } = given()
    queue.add([file('a')])
    sent[0]?.end({ error: problem(599) })
    await settle()
    expect(queue.files[0]).toMatchObject({ state: 'failed', problem: { status: 599 } })
    queue.retry(queue.files[0]?.key ?? -1)
    expect(sent[1]?.key).toBe(sent[0]?.key)
    sent[1]?.end({ data: 'A' })
    await settle()
    expect(arrived).toEqual(['A'])
  })

  it('can be stopped, and the next one follows', async () => {
    const { queue, sent, file, settle } = given()
    queue.add([file('a'), file('b')])
    queue.dismiss(queue.files[0]?.key ?? -1)
    await settle()
    expect(sent.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(queue.files.map(({ name }) => name)).toEqual(['b'])
  })
})
