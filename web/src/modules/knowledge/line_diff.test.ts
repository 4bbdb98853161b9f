import { expect, it } from 'vitest'
import { lineDiff } from './line_diff'

it.each([
  ['a\nb\nc', 'a\nb\nc', ' a b c'],
  ['a\nb\nc', 'a\nx\nc', ' a-b+x c'],
  ['a', 'a\nb', ' a+b'],
  ['a\nb', 'b', '-a b'],
  ['', 'a', '-+a'],
])('%j to %j', (before, after, told) => {
  const sign = { same: ' ', removed: '-', added: '+' }
  expect(
    lineDiff(before, after)
      .map(({ kind, text }) => sign[kind] + text)
      .join(''),
  ).toBe(told)
})
