import { useI18n } from 'vue-i18n'
import type { WebhookDelivery } from '@/api'
import { eventNameOf } from './webhooks'

/** What codes of webhooks are called. */
export function useWebhookWords() {
  const { t, te } = useI18n()
  const known = (key: string, otherwise: string) => (te(key) ? t(key) : otherwise)
  const kind = (name: string) =>
    known(`webhook.event.${name.replace('.', '_')}`, known(`ticket.event.${eventNameOf(name)}`, name))
  const noun = (name: string) => known(`webhook.noun.${name}`, name)
  const fault = (name: string | null) => (name ? known(`webhook.fault.${name}`, name) : '')
  /** What came back from the last attempt, in a few words. */
  const answer = ({ status, fault: why }: Pick<WebhookDelivery, 'status' | 'fault'>) =>
    status ? t('webhook.delivery.http', { status }) : fault(why)
  /** The last error as the record has it: the code of a fault in the reader's words, what follows as it is. */
  function lastError(text: string | null): string {
    const [code = '', ...rest] = (text ?? '').split(': ')
    return te(`webhook.fault.${code}`) ? fault(code) : [code, ...rest].join(': ')
  }
  return { kind, noun, fault, answer, lastError }
}
