import { useI18n } from 'vue-i18n'
import type { Ticket } from '@/api'
import { useSession } from '@/modules/session/session.store'
import type { Known } from './placeholders'

/** What may stand in braces, in the order in which it is offered: first what the page fills in, then what the agent does. */
export const filledIn = ['customer.name', 'name', 'number', 'ticket.subject', 'unit.name'] as const
export const leftOpen = ['unit', 'reason', 'solution', 'procedure', 'expected_at', 'result', 'content'] as const

/** The words behind the braces: a ticket's own, or samples for looking at a script without one. */
export function usePlaceholders() {
  const { t, te } = useI18n()
  const session = useSession()

  function nameOf(path: string): string {
    const key = `knowledge.placeholder.${path.replace('.', '_')}`
    return te(key) || te(key, 'zh-CN') ? t(key) : path
  }
  function knownOf(ticket: Pick<Ticket, 'customer' | 'number' | 'subject'> | undefined): Known {
    const [me, unit] = [session.me?.name, session.me?.unit_name]
    return {
      'customer.name': ticket?.customer.name,
      number: ticket?.number,
      'ticket.number': ticket?.number,
      'ticket.subject': ticket?.subject,
      name: me,
      'staff.name': me,
      'unit.name': unit,
    }
  }
  const samples = (): Known => ({
    ...knownOf(undefined),
    'customer.name': t('knowledge.sample.customer'),
    number: '20261123-000018',
    'ticket.number': '20261123-000018',
    'ticket.subject': t('knowledge.sample.subject'),
  })
  return { nameOf, knownOf, samples }
}
