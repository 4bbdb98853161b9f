import { describe, expect, it } from 'vitest'
import type { FormField } from './command_forms'
import { emptyFields, errorsByField, toBody } from './form_state'

const fields: FormField[] = [
  { name: 'reason', kind: 'text', required: true },
  { name: 'expected_at', kind: 'moment', required: true },
  { name: 'comment', kind: 'text' },
  { name: 'agreed', kind: 'yes_no', required: true },
]

describe('a command’s form', () => {
  it('sends instants and leaves out what is empty', () => {
    const body = toBody(
      fields,
      { reason: '  等配件 ', expected_at: '2026-11-23T18:00', comment: '', agreed: false },
      'Asia/Shanghai',
    )
    expect(body).toEqual({ reason: '等配件', expected_at: '2026-11-23T10:00:00.000Z', agreed: false })
  })

  it('takes “no” for an answer, but not blanks', () => {
    expect(emptyFields(fields, { reason: '  ', agreed: false })).toEqual(['reason', 'expected_at'])
  })

  it('puts each remark of the server to its field', () => {
    const { at, rest } = errorsByField(
      [
        { pointer: '/expected_at', code: 'in_the_past', detail: '时间已过。' },
        { pointer: '/reason', code: 'too_long', detail: '太长。' },
        { pointer: '/reason', code: 'bad', detail: '含控制字符。' },
        { pointer: '', code: 'other', detail: '其他。' },
      ],
      ['reason', 'expected_at'],
    )
    expect(at).toEqual({ expected_at: '时间已过。', reason: '太长。 含控制字符。' })
    expect(rest).toEqual(['其他。'])
  })
})
