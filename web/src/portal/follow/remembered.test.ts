import { expect, test } from 'vitest'
import { readPass, readRemembered, withRemembered } from './remembered'

const one = (number: string, secret = 's') => ({ number, secret, subject: `about ${number}` })
const shelf = (text: string | null) => ({ getItem: () => text, setItem: () => undefined, removeItem: () => undefined })

test('the last opened stands first, once', () => {
  const list = withRemembered([one('1'), one('2')], one('2', 'new'))
  expect(list).toEqual([one('2', 'new'), one('1')])
})

test('twenty are enough', () => {
  const many = Array.from({ length: 20 }, (_, n) => one(`${n}`))
  const list = withRemembered(many, one('new'))
  expect(list).toHaveLength(20)
  expect(list[0]?.number).toBe('new')
})

test.each([null, 'x', '{}', '[{"number":1}]', '[null]'])('%s remembers nothing', (text) => {
  expect(readRemembered(shelf(text))).toEqual([])
})

test.each([
  ['20261123-000001', { number: '20261123-000001' }],
  ['  20261123-000001 ', { number: '20261123-000001' }],
  ['https://x.example/p/r/20261123-000001#abc', { number: '20261123-000001', secret: 'abc' }],
  ['see https://x.example/p/r/20261123-000001', { number: '20261123-000001', secret: undefined }],
])('%s is understood', (text, pass) => expect(readPass(text)).toEqual(pass))
