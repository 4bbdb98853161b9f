import { expect, test } from 'vitest'
import { hoursLines } from './hours'

const office = [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '18:00' },
]
const short = [{ from: '10:00', to: '14:00' }]
const week = {
  monday: office,
  tuesday: office,
  wednesday: office,
  thursday: office,
  friday: office,
  saturday: short,
  sunday: [],
}

test('equal neighbours share a line, a day off has none', () => {
  expect(hoursLines(week)).toEqual([
    { first: 0, last: 4, windows: office },
    { first: 5, last: 5, windows: short },
  ])
})

test('a day off in between parts the lines', () => {
  expect(hoursLines({ ...week, wednesday: [] }).map(({ first, last }) => [first, last])).toEqual([
    [0, 1],
    [3, 4],
    [5, 5],
  ])
})
