import { describe, expect, it } from 'vitest'
import { detailsOf } from './audit'

const words = (member: string, value: string) => (member === 'unit_id' ? `unit ${value}` : value)

describe('what an entry of the audit log says', () => {
  it('is told in names and values, without the empty ones', () => {
    const roles = [
      { role: 'agent', unit_id: null },
      { role: 'supervisor', unit_id: '7' },
    ]
    expect(detailsOf({ name: '林雪', roles, version: 0, note: '' }, words)).toEqual([
      ['name', '林雪'],
      ['roles', 'agent, supervisor unit 7'],
      ['version', '0'],
    ])
  })

  it('is nothing when there is nothing more', () => expect(detailsOf({}, words)).toEqual([]))
})
