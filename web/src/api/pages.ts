import type { Problem } from './types'

/** Which part of a list is asked for. */
export interface Page {
  limit: number
  cursor?: string
}

const pageSize = 200

/** A list that is small enough to be held whole, page by page; what could be read before a failure is not shown as all. */
export async function everyPage<T>(
  ask: (page: Page) => Promise<{ data?: { items: T[]; next_cursor: string | null }; error?: Problem }>,
): Promise<{ data?: { items: T[] }; error?: Problem }> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const { data, error }: Awaited<ReturnType<typeof ask>> = await ask({
      limit: pageSize,
      ...(cursor ? { cursor } : {}),
    })
    if (!data) return { error }
    items.push(...data.items)
    // A server that hands out the same cursor again would be asked for ever.
    cursor = data.next_cursor === cursor ? null : data.next_cursor
  } while (cursor)
  return { data: { items } }
}
