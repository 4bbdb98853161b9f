import { expect, test } from 'vitest'
import { placeOf } from './place'

test.each([
  { pathname: '/p', then: '/' },
  { pathname: '/p/', then: '/' },
  { pathname: '/p/new', then: '/new' },
  { pathname: '/p/new/', then: '/new' },
  { pathname: '/portal', then: '/' },
  { pathname: '/p/r/20261123-000001', then: '/r/20261123-000001' },
])('$pathname is the page $then', ({ pathname, then }) => {
  expect(placeOf({ pathname, search: '', hash: '' }).path).toBe(then)
})

test('the fragment is read as it was meant, and a broken one as it is', () => {
  expect(placeOf({ pathname: '/p/r/1', search: '', hash: '#a%20b' }).fragment).toBe('a b')
  expect(placeOf({ pathname: '/p/r/1', search: '', hash: '#50%' }).fragment).toBe('50%')
  expect(placeOf({ pathname: '/p/r/1', search: '', hash: '' }).fragment).toBe('')
})

test('the query', () => {
  expect(placeOf({ pathname: '/p/follow', search: '?number=7', hash: '' }).query.get('number')).toBe('7')
})
