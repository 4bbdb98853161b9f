import { useI18n } from 'vue-i18n'

/** Words of the domain in the reader's language; a value that has no text yet is shown as it was sent. */
export function useTerms() {
  const { t, te } = useI18n()
  const word = (group: string) => (value: string | null | undefined) => {
    if (!value) return ''
    const key = `ticket.${group}.${value}`
    return te(key) || te(key, 'zh-CN') ? t(key) : value
  }
  return {
    word,
    channel: word('channel'),
    ticketClass: word('class'),
    grade: word('grade'),
    flag: word('flag'),
    obligation: word('obligation'),
    command: word('command'),
    event: word('event'),
    field: word('field'),
  }
}
