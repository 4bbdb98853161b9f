import { api, ifMatch, type Article, type ArticleVersion, type Problem, type Script } from '@/api'
import {
  articleBody,
  articleFields,
  scriptBody,
  scriptFields,
  type Fields,
  type Kind,
  type KnowledgeRecord,
} from './record'

/** One way to speak with the server about both kinds. */
interface Answer<T> {
  data?: T
  error?: Problem
}

const base = ({ id, version, state, updated_at, updated_by, disabled_at }: Article | Script) => ({
  id,
  version,
  state,
  updated_at,
  updated_by,
  disabled_at,
})
const ofArticle = (article: Article): KnowledgeRecord => ({ ...base(article), fields: articleFields(article) })
export const ofScript = (script: Script): KnowledgeRecord => ({ ...base(script), fields: scriptFields(script) })
const as = <T, R>({ data, error }: Answer<T>, convert: (data: T) => R): Answer<R> => ({
  data: data === undefined ? undefined : convert(data),
  error,
})

const byId = (id: string) => ({ path: { id } })

export async function readRecord(kind: Kind, id: string): Promise<Answer<KnowledgeRecord>> {
  if (kind === 'article') return as(await api.GET('/articles/{id}', { params: byId(id) }), ofArticle)
  return as(await api.GET('/scripts/{id}', { params: byId(id) }), ofScript)
}

export async function createRecord(
  kind: Kind,
  fields: Fields,
  draft: boolean,
  key: string,
): Promise<Answer<KnowledgeRecord>> {
  const params = { header: { 'Idempotency-Key': key } }
  if (kind === 'article')
    return as(await api.POST('/articles', { params, body: { ...articleBody(fields), draft } }), ofArticle)
  return as(await api.POST('/scripts', { params, body: { ...scriptBody(fields), draft } }), ofScript)
}

export async function saveRecord(
  kind: Kind,
  record: { id: string; version: number },
  fields: Fields,
): Promise<Answer<KnowledgeRecord>> {
  const params = { ...byId(record.id), header: ifMatch(record) }
  if (kind === 'article') return as(await api.PUT('/articles/{id}', { params, body: articleBody(fields) }), ofArticle)
  return as(await api.PUT('/scripts/{id}', { params, body: scriptBody(fields) }), ofScript)
}

export async function giveRecord(
  kind: Kind,
  record: { id: string; version: number },
  act: 'publish' | 'retire',
): Promise<Answer<KnowledgeRecord>> {
  const params = { ...byId(record.id), header: ifMatch(record) }
  if (kind === 'article')
    return as(
      act === 'publish'
        ? await api.POST('/articles/{id}/commands/publish', { params, body: {} })
        : await api.POST('/articles/{id}/commands/retire', { params, body: {} }),
      ofArticle,
    )
  return as(
    act === 'publish'
      ? await api.POST('/scripts/{id}/commands/publish', { params, body: {} })
      : await api.POST('/scripts/{id}/commands/retire', { params, body: {} }),
    ofScript,
  )
}

export async function listVersions(
  kind: Kind,
  id: string,
  cursor: string | undefined,
): Promise<Answer<{ items: ArticleVersion[]; next_cursor: string | null }>> {
  const params = { ...byId(id), query: { limit: 50, cursor } }
  return kind === 'article'
    ? api.GET('/articles/{id}/versions', { params })
    : api.GET('/scripts/{id}/versions', { params })
}

export async function readVersion(kind: Kind, id: string, version: number): Promise<Answer<Fields>> {
  const params = { path: { id, version } }
  if (kind === 'article') return as(await api.GET('/articles/{id}/versions/{version}', { params }), articleFields)
  return as(await api.GET('/scripts/{id}/versions/{version}', { params }), scriptFields)
}
