import type { Channel, NewTicket, TicketClass } from '@/api'

export interface RegistrationForm {
  channel: Channel
  phone: string
  name: string
  address: string
  customerId: string
  class: TicketClass | ''
  category: string
  areaId: string
  merchantId: string
  subject: string
  content: string
  demand: string
}

export const emptyForm = (): RegistrationForm => ({
  channel: 'phone',
  phone: '',
  name: '',
  address: '',
  customerId: '',
  class: '',
  category: '',
  areaId: '',
  merchantId: '',
  subject: '',
  content: '',
  demand: '',
})

/** Digits worth looking a customer up by: a whole number, or the tail that people read out. */
export function lookUpPhone(text: string): string | undefined {
  const digits = text.replace(/[\s()-]/g, '').replace(/^\+?86(?=1\d{10}$)/, '')
  return /^\+?\d{4,15}$/.test(digits) ? digits : undefined
}

/** With a busy caller only the content is typed; its first sentence then serves as the subject. */
export function subjectFrom(content: string): string {
  const first =
    content
      .trim()
      .split(/[。！？!?\n；;]/)[0]
      ?.trim() ?? ''
  return [...first].slice(0, 40).join('')
}

const given = (text: string) => text.trim() || undefined

export function toNewTicket(form: RegistrationForm): NewTicket {
  const customer = form.customerId
    ? { id: form.customerId }
    : { name: form.name.trim(), phone: given(form.phone), address: given(form.address) }
  return {
    channel: form.channel,
    customer,
    subject: given(form.subject) ?? subjectFrom(form.content),
    content: form.content.trim(),
    demand: given(form.demand),
    class: form.class || undefined,
    category: form.class ? given(form.category) : undefined,
    area_id: given(form.areaId),
    merchant_id: given(form.merchantId),
  }
}

/** The page's field for each pointer of the server's remarks. */
export const pointers: Record<string, keyof RegistrationForm> = {
  '/customer/name': 'name',
  '/customer/phone': 'phone',
  '/customer/address': 'address',
  '/customer/id': 'phone',
  '/channel': 'channel',
  '/class': 'class',
  '/category': 'category',
  '/area_id': 'areaId',
  '/merchant_id': 'merchantId',
  '/subject': 'subject',
  '/content': 'content',
  '/demand': 'demand',
}
