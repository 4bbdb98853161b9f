import { describe, expect, it } from 'vitest'
import type { Hold } from '@/api'
import { inOrder, waitingText } from './hold'

const hold = (over: Partial<Hold>): Hold => ({
  id: '0000000000001',
  what: 'outgoing',
  cause: 'restored',
  details: { backup: 'x', backup_made_at: '2026-01-04T18:30:00.000Z' },
  since: '2026-01-05T01:00:00.000Z',
  waiting_count: 3,
  released_at: null,
  released_by: null,
  comment: null,
  ...over,
})
const plain = (value: number) => String(value)

describe('holds', () => {
  it('say how many wait, as far as the server counts', () => {
    expect(waitingText(hold({}), plain)).toBe('3')
    expect(waitingText(hold({ waiting_count: 10_000 }), plain)).toBe('10000+')
    expect(waitingText(hold({ waiting_count: null }), plain)).toBe('0')
  })
  it('begin with the one that stands still for longest', () => {
    const [late, early] = [hold({ id: 'b', since: '2026-01-06T00:00:00.000Z' }), hold({ id: 'a' })]
    expect(inOrder([late, early]).map(({ id }) => id)).toEqual(['a', 'b'])
  })
})
