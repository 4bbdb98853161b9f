import { api } from '@/api/client'
import type { Problem } from '@/api/types'
import { upload, type Upload } from '@/api/upload'
import type { components } from '@/api/schema'
import { learnServerTime } from '@/shared/clock'
import { retryAfterMs } from './lib/patience'

type Schemas = components['schemas']
export type PublicForm = Schemas['PublicForm']
export type PublicRequest = Schemas['PublicRequest']
export type PublicFile = Schemas['PublicFile']
export type NewPublicRequest = Schemas['NewPublicRequest']

/** Number and secret: together they open one request, and nothing else does. */
export interface Pass {
  number: string
  secret: string
}

export interface Answer<T> {
  data?: T
  problem?: Problem
  /** What the server asks us to wait before the next try. */
  waitMs: number
}

function answer<T>({ data, error, response }: { data?: T; error?: Problem; response: Response }): Answer<T> {
  learnServerTime(Date.parse(response.headers.get('Date') ?? ''))
  return { data, problem: error, waitMs: retryAfterMs(response.headers.get('Retry-After')) }
}

/** Worth trying again by itself: nothing is wrong with what was sent. */
export const isPassing = ({ status }: Problem): boolean => status === 429 || status >= 500

// The secret travels in a header only: addresses end up in logs and histories.
const showing = ({ secret }: Pass) => ({ Authorization: `Ticket ${secret}` })
const naming = ({ number }: Pass, key: string) => ({ path: { number }, header: { 'Idempotency-Key': key } })

export const loadForm = async () => answer<PublicForm>(await api.GET('/public/form'))

export const submitRequest = async (body: NewPublicRequest, key: string) =>
  answer<Pass>(await api.POST('/public/requests', { params: { header: { 'Idempotency-Key': key } }, body }))

export const loadRequest = async (pass: Pass) =>
  answer<PublicRequest>(
    await api.GET('/public/requests/{number}', {
      params: { path: { number: pass.number } },
      headers: showing(pass),
    }),
  )

export const writeMessage = async (pass: Pass, content: string, key: string) =>
  answer<PublicRequest>(
    await api.POST('/public/requests/{number}/messages', {
      params: naming(pass, key),
      headers: showing(pass),
      body: { content },
    }),
  )

export const sendFile = (
  pass: Pass,
  file: File,
  options: { key: string; progress: (share: number) => void },
): Upload<PublicRequest> =>
  upload(`/public/requests/${encodeURIComponent(pass.number)}/attachments`, file, {
    ...options,
    authorization: showing(pass).Authorization,
  })

/** The file itself: a link cannot show the secret, so the page fetches it and hands it on. */
export const loadFile = async (pass: Pass, id: string) =>
  answer<Blob>(
    await api.GET('/public/requests/{number}/attachments/{id}', {
      params: { path: { number: pass.number, id } },
      headers: showing(pass),
      parseAs: 'blob',
    }),
  )

export const recordAgreement = async (pass: Pass, body: { agreed: boolean; comment: string | null }, key: string) =>
  answer<PublicRequest>(
    await api.POST('/public/requests/{number}/agreement', {
      params: naming(pass, key),
      headers: showing(pass),
      body,
    }),
  )

export const rate = async (pass: Pass, body: { score: number; reason: string | null }, key: string) =>
  answer<PublicRequest>(
    await api.POST('/public/requests/{number}/rating', {
      params: naming(pass, key),
      headers: showing(pass),
      body,
    }),
  )
