// locales: names of languages and scripts, and the words people write for days off, are input here.
import { describe, expect, it } from 'vitest'
import { monthsOf, readDay, readList, stretchesOf, writeList } from './holiday_list'

describe('a pasted list of holidays', () => {
  it.each([
    [
      'off,2027-02-06,2027-02-08,春节',
      ['2027-02-06 holiday 春节', '2027-02-07 holiday 春节', '2027-02-08 holiday 春节'],
    ],
    ['work,2027-02-20,,春节', ['2027-02-20 make_up 春节']],
    ['放假，2027/1/1，元旦', ['2027-01-01 holiday 元旦']],
    ['2027年5月1日\t放假\t劳动节', ['2027-05-01 holiday 劳动节']],
    ['2027-05-08\t\t调休\t劳动节', ['2027-05-08 make_up 劳动节']],
    ['2027-05-01\t2027-05-02\t休\t劳动节', ['2027-05-01 holiday 劳动节', '2027-05-02 holiday 劳动节']],
  ])('%j', (text, days) => {
    const list = readList(text, 2027)
    expect(list.faults).toEqual([])
    expect(list.days.map(({ on, kind, name }) => `${on} ${kind} ${name}`)).toEqual(days)
  })

  it('tells every line that cannot be read, and keeps the others', () => {
    const list = readList(
      [
        '# notice',
        'year,2026,notice',
        '',
        'holiday soon',
        'off,2027-02-30,,春节',
        'off,2027-02-06,2027-13-01,春节',
        'off,2027-02-08,2027-02-06,春节',
        'off,2027-02-06,,',
        'off,2027-01-01,2027-03-01,春节',
        'off,2027-10-01,,国庆节',
      ].join('\r\n'),
      2027,
    )
    expect(list.faults.map(({ line, fault }) => `${line} ${fault}`)).toEqual([
      '2 other_year',
      '4 kind',
      '5 date',
      '6 date',
      '7 order',
      '8 name',
      '9 too_long',
    ])
    expect(list.days).toEqual([{ on: '2027-10-01', kind: 'holiday', name: '国庆节', line: 10 }])
  })

  it('comes back as it was written', () => {
    const text = 'off,2027-01-01,2027-01-03,元旦\nwork,2027-02-20,,春节'
    expect(writeList(readList(text, 2027).days)).toBe(text)
  })
})

describe('days', () => {
  it.each(['2027-2-6', '2027/02/06', '2027年2月6日', '2027.2.6'])('%j', (text) =>
    expect(readDay(text)).toBe('2027-02-06'),
  )
  it.each(['2027-02-29', '6.2.2027', 'soon', ''])('%j is none', (text) => expect(readDay(text)).toBeUndefined())

  it('that follow each other are one stretch', () => {
    const day = (on: string, name = '春节') => ({ on, kind: 'holiday' as const, name })
    expect(stretchesOf([day('2027-02-07'), day('2027-02-06'), day('2027-02-09'), day('2027-02-10', '元宵')])).toEqual([
      { from: '2027-02-06', to: '2027-02-07', kind: 'holiday', name: '春节', dayCount: 2 },
      { from: '2027-02-09', to: '2027-02-09', kind: 'holiday', name: '春节', dayCount: 1 },
      { from: '2027-02-10', to: '2027-02-10', kind: 'holiday', name: '元宵', dayCount: 1 },
    ])
  })

  it('stand in their weeks', () => {
    const months = monthsOf(2027) // 1 January 2027 is a Friday
    expect(months).toHaveLength(12)
    expect(months[0]?.slice(0, 6)).toEqual([undefined, undefined, undefined, undefined, '2027-01-01', '2027-01-02'])
    expect(months[1]?.filter(Boolean)).toHaveLength(28)
  })
})
