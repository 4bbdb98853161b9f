import { describe, expect, it } from 'vitest'
import { unitTree } from './unit_tree'

describe('the tree of units', () => {
  it('sets each below its parent', () => {
    const units = [
      { id: 'a', parent_id: null },
      { id: 'b', parent_id: null },
      { id: 'a1', parent_id: 'a' },
      { id: 'a11', parent_id: 'a1' },
      { id: 'x', parent_id: 'hidden' },
    ]
    expect(unitTree(units).map(({ id, depth }) => `${id}${depth}`)).toEqual(['a0', 'a11', 'a112', 'b0', 'x0'])
  })
})
