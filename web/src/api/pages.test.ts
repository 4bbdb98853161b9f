import { describe, expect, it } from 'vitest'
import { everyPage, type Page } from './pages'

const problem = { type: 'about:blank', title: '', status: 503, detail: '', code: 'unavailable' }

describe('a list held whole', () => {
  it('is asked for until there is no further page, each with the cursor of the one before', async () => {
    const asked: Page[] = []
    const { data } = await everyPage<number>(async (page) => {
      asked.push(page)
      const from = Number(page.cursor ?? 0)
      return { data: { items: [from, from + 1], next_cursor: from < 4 ? String(from + 2) : null } }
    })
    expect(data?.items).toEqual([0, 1, 2, 3, 4, 5])
    expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, '2', '4'])
    expect(asked.every(({ limit }) => limit === 200)).toBe(true)
  })

  it('is not there when one of its pages is not', async () => {
    const answer = await everyPage<number>(async ({ cursor }) =>
      cursor ? { error: problem } : { data: { items: [1], next_cursor: 'x' } },
    )
    expect(answer).toEqual({ error: problem })
  })

  it('ends with a server that repeats itself', async () => {
    const { data } = await everyPage<number>(async () => ({ data: { items: [1], next_cursor: 'x' } }))
    expect(data?.items).toEqual([1, 1])
  })
})
