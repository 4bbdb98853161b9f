import { expect, test } from 'vitest'
import { onceKeys } from './once'

function counted() {
  let made = 0
  return onceKeys(() => `key-${++made}`)
}

test('the same body keeps its key while it is tried again', () => {
  const keys = counted()
  expect(keys.of({ content: 'a' })).toBe('key-1')
  expect(keys.of({ content: 'a' })).toBe('key-1')
})

test('another body, or the same one said again later, is another act', () => {
  const keys = counted()
  expect(keys.of({ content: 'a' })).toBe('key-1')
  expect(keys.of({ content: 'b' })).toBe('key-2')
  keys.done()
  expect(keys.of({ content: 'b' })).toBe('key-3')
})
