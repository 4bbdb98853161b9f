import type { Article, ArticleState, Channel, Script, Step, TicketClass } from '@/api'

/** Articles and scripts are edited alike; what one kind does not have stays empty. */
export type Kind = 'article' | 'script'
export type Emotion = NonNullable<Script['emotion']>

export interface Fields {
  title: string
  body: string
  class: TicketClass | ''
  category: string
  step: Step | ''
  channel: Channel | ''
  emotion: Emotion | ''
  shortcut: string
}

export interface KnowledgeRecord {
  id: string
  version: number
  state: ArticleState
  updated_at: string
  updated_by: { id: string; name: string } | null
  disabled_at: string | null
  fields: Fields
}

export const emptyFields = (): Fields => ({
  title: '',
  body: '',
  class: '',
  category: '',
  step: '',
  channel: '',
  emotion: '',
  shortcut: '',
})

export const fieldsOf: Record<Kind, (keyof Fields)[]> = {
  article: ['title', 'class', 'category', 'body'],
  script: ['title', 'shortcut', 'step', 'channel', 'emotion', 'body'],
}

type ArticleText = Pick<Article, 'title' | 'body' | 'class' | 'category'>
type ScriptText = Pick<Script, 'title' | 'body' | 'step' | 'channel' | 'emotion' | 'shortcut'>

export const articleFields = ({ title, body, class: of, category }: ArticleText): Fields => ({
  ...emptyFields(),
  title,
  body,
  class: of ?? '',
  category: category ?? '',
})
export const scriptFields = ({ title, body, step, channel, emotion, shortcut }: ScriptText): Fields => ({
  ...emptyFields(),
  title,
  body,
  step: step ?? '',
  channel: channel ?? '',
  emotion: emotion ?? '',
  shortcut: shortcut ?? '',
})

/** What the server takes: empty means none. */
export const articleBody = ({ title, body, class: of, category }: Fields) => ({
  title: title.trim(),
  body,
  class: of || null,
  category: (of && category) || null,
})
export const scriptBody = ({ title, body, step, channel, emotion, shortcut }: Fields) => ({
  title: title.trim(),
  body,
  step: step || null,
  channel: channel || null,
  emotion: emotion || null,
  shortcut: shortcut.trim() || null,
})
