import { context, offline } from './connection'
import type { Attachment, Problem } from './types'

export interface Upload {
  done: Promise<{ data?: Attachment; error?: Problem }>
  abort: () => void
}

/** Sends a file as the request's body. XMLHttpRequest, because `fetch` does not tell how much has been sent. */
export function uploadAttachment(ticketId: string, file: File, progress: (share: number) => void): Upload {
  const request = new XMLHttpRequest()
  const done = new Promise<{ data?: Attachment; error?: Problem }>((resolve) => {
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
        if (request.status === 401) context.signedOut()
        const answer: unknown = JSON.parse(request.responseText)
        resolve(request.status < 300 ? { data: answer as Attachment } : { error: answer as Problem })
      } catch {
        fail('unreadable')
      }
    }
  })
  const path = `/api/v1/tickets/${encodeURIComponent(ticketId)}/attachments?filename=${encodeURIComponent(file.name)}`
  request.open('POST', path)
  request.timeout = 10 * 60_000
  request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
  request.setRequestHeader('Accept-Language', context.language())
  request.setRequestHeader('Idempotency-Key', crypto.randomUUID())
  const token = context.csrfToken()
  if (token) request.setRequestHeader('X-CSRF-Token', token)
  request.send(file)
  return { done, abort: () => request.abort() }
}

export const attachmentUrl = (id: string) => `/api/v1/attachments/${encodeURIComponent(id)}`
