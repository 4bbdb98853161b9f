import { describe, expect, it } from 'vitest'
import { readInline, readMarkdown } from './markdown'

describe('the text of an article', () => {
  it('has headings, paragraphs, lists, quotes and tables', () => {
    const blocks = readMarkdown('# a\nb\nc\n\n- d\n- e\n1. f\n> g\n|h|i|\n|---|:-:|\n|j|k|\nl')
    expect(blocks.map(({ kind }) => kind)).toEqual([
      'heading',
      'paragraph',
      'list',
      'list',
      'quote',
      'table',
      'paragraph',
    ])
    expect(blocks[0]).toMatchObject({ level: 2 })
    expect(blocks[1]).toMatchObject({ lines: [[{ text: 'b' }], [{ text: 'c' }]] })
    expect(blocks[3]).toMatchObject({ ordered: true, items: [[{ text: 'f' }]] })
    expect(blocks[5]).toMatchObject({
      head: [[{ text: 'h' }], [{ text: 'i' }]],
      rows: [[[{ text: 'j' }], [{ text: 'k' }]]],
    })
  })

  it('knows strong words, code and safe links', () => {
    expect(readInline('a **b** `c` [d](https://e.cn/f)')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'strong', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'c' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'd', href: 'https://e.cn/f' },
    ])
  })

  it.each(['[x](javascript:alert(1))', '<img src=x onerror=alert(1)>', '**', '| a', '#b'])(
    'leaves %j as it is',
    (text) => {
      expect(readMarkdown(text)).toEqual([{ kind: 'paragraph', lines: [[{ kind: 'text', text }]] }])
    },
  )
})
