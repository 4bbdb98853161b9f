import { describe, expect, it } from 'vitest'
import { emptyForm, lookUpPhone, subjectFrom, toNewTicket } from './registration'

describe('A10 quick registration', () => {
  it.each([
    ['138 0013 8000', '13800138000'],
    ['+86 138-0013-8000', '13800138000'],
    ['8000', '8000'],
    ['(0571)8888-6666', '057188886666'],
    ['12', undefined],
    ['王小明', undefined],
  ])('looks up %j as %j', (text, expected) => expect(lookUpPhone(text)).toBe(expected))

  it.each([
    ['客梯停运。老人上不了楼', '客梯停运'],
    ['  \n', ''],
    ['一'.repeat(60), '一'.repeat(40)],
  ])('takes a subject from %j', (content, subject) => expect(subjectFrom(content)).toBe(subject))

  it('names a known customer by id only, and leaves empty fields out', () => {
    const body = toNewTicket({
      ...emptyForm(),
      customerId: 'c1',
      phone: '138',
      name: '王',
      content: '客梯停运。',
      class: 'repair',
    })
    expect(body).toEqual({
      channel: 'phone',
      customer: { id: 'c1' },
      subject: '客梯停运',
      content: '客梯停运。',
      class: 'repair',
    })
  })

  it('sends a new customer with what was said', () => {
    const body = toNewTicket({
      ...emptyForm(),
      name: ' 王小明 ',
      phone: '13800138000',
      subject: '电梯',
      content: '坏了',
      category: 'lift',
    })
    expect(body).toEqual({
      channel: 'phone',
      customer: { name: '王小明', phone: '13800138000' },
      subject: '电梯',
      content: '坏了',
    })
  })
})
