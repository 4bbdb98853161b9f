import { context, offline } from './connection'
import type { Problem } from './types'

export interface Upload<T> {
  /** Neither data nor error: it was stopped. */
  done: Promise<{ data?: T; error?: Problem }>
  stop: () => void
}

export interface UploadOptions {
  /** The same key for a second try: a file whose answer was lost is not added twice. */
  key: string
  progress: (share: number) => void
  authorization?: string
}

/** Sends a file as the request's body. XMLHttpRequest, because `fetch` does not tell how much has been sent. */
export function upload<T>(path: string, file: File, { key, progress, authorization }: UploadOptions): Upload<T> {
  const request = new XMLHttpRequest()
  const done = new Promise<{ data?: T; error?: Problem }>((resolve) => {
    const fail = (code: 'offline' | 'timeout' | 'unreadable') => {
      if (code === 'offline') offline.value = true
      resolve({ error: { type: 'about:blank', status: 599, code, ...context.describe(code) } })
    }
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0)
    request.onerror = () => fail('offline')
    request.ontimeout = () => fail('timeout')
    request.onabort = () => resolve({})
    request.onload = () => {
      try {
        if (request.status === 401 && !authorization) context.signedOut()
        const answer: unknown = JSON.parse(request.responseText)
        resolve(request.status < 300 ? { data: answer as T } : { error: answer as Problem })
      } catch {
        fail('unreadable')
      }
    }
  })
  request.open('POST', `/api/v1${path}?filename=${encodeURIComponent(file.name)}`)
  request.timeout = 10 * 60_000
  request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
  request.setRequestHeader('Accept-Language', context.language())
  request.setRequestHeader('Idempotency-Key', key)
  if (authorization) request.setRequestHeader('Authorization', authorization)
  const token = context.csrfToken()
  if (token) request.setRequestHeader('X-CSRF-Token', token)
  request.send(file)
  return { done, stop: () => request.abort() }
}

export const attachmentUrl = (id: string) => `/api/v1/attachments/${encodeURIComponent(id)}`
