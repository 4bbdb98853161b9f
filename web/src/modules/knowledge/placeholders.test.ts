import { describe, expect, it } from 'vitest'
import { fillScript, findScripts, firstGap, scriptParts, scriptQuery } from './placeholders'

describe('A5 scripts', () => {
  it('fills what is known and marks what is not', () => {
    const text = fillScript(
      '{{customer.name}}您好，差额 {{ refund.amount }} 元',
      { 'customer.name': '王小明' },
      () => '退款金额',
    )
    expect(text).toBe('王小明您好，差额 【…退款金额】 元')
    expect(firstGap(text)).toEqual({ from: 9, to: 16, name: '退款金额' })
  })

  it('takes one brace as well as two, and leaves what is no name alone', () => {
    expect(fillScript('我是{name}，单号{number}', { name: '陈晓雯' })).toBe('我是陈晓雯，单号【…number】')
    expect(fillScript('{}{ 1 }{中}', {})).toBe('{}{ 1 }{中}')
    expect(scriptParts('您好{name}{x}！', { name: '王' }).map(({ kind }) => kind)).toEqual([
      'text',
      'filled',
      'gap',
      'text',
    ])
  })

  it('does not take ordinary brackets for a gap', () => {
    expect(firstGap('【首问】您的工单已受理')).toBeUndefined()
  })

  it.each([
    ['/', { from: 0, query: '' }],
    [']退', { from: 0, query: '退' }],
    ['您好 /道歉', { from: 3, query: '道歉' }],
    ['第一行\n/a', { from: 4, query: 'a' }],
    ['2/3', undefined],
    ['http://x', undefined],
    ['/a b', undefined],
  ])('%j asks for %j', (text, expected) => expect(scriptQuery(text)).toEqual(expected))

  it('finds by shortcut, then title, then text', () => {
    const scripts = [
      { title: '安抚', body: '退款会处理', shortcut: null },
      { title: '退款流程', body: '…', shortcut: null },
      { title: '其他', body: '…', shortcut: '退款' },
    ]
    expect(findScripts(scripts, '退款').map(({ title }) => title)).toEqual(['其他', '退款流程', '安抚'])
    expect(findScripts(scripts, '没有')).toEqual([])
  })
})
