import { context, offline } from './connection'
import type { Problem } from './types'

const timeoutMs = 15_000
const uploadTimeoutMs = 10 * 60_000

function answerLocally(code: 'offline' | 'timeout' | 'unreadable'): Response {
  const { title, detail } = context.describe(code)
  // 599 is nobody's status: it tells a local answer from one of the server's.
  const problem: Problem = { type: 'about:blank', title, status: 599, detail, code }
  return new Response(JSON.stringify(problem), {
    status: 599,
    headers: { 'Content-Type': 'application/problem+json' },
  })
}

function prepare(request: Request): Request {
  const headers = new Headers(request.headers)
  headers.set('Accept-Language', context.language())
  const isWrite = request.method !== 'GET' && request.method !== 'HEAD'
  const token = context.csrfToken()
  if (isWrite && token) headers.set('X-CSRF-Token', token)
  if (request.method === 'POST' && !headers.has('Idempotency-Key')) headers.set('Idempotency-Key', crypto.randomUUID())
  return new Request(request, { headers, credentials: 'same-origin' })
}

/**
 * The one place that touches the network. It always answers: a lost network, a silent server and a proxy's HTML page
 * become problems like any other, so that callers have a single path for "it did not work".
 */
export async function send(request: Request): Promise<Response> {
  const prepared = prepare(request)
  const isUpload = prepared.headers.get('Content-Type')?.includes('json') === false && prepared.method === 'POST'
  const patience = AbortSignal.timeout(isUpload ? uploadTimeoutMs : timeoutMs)
  const signal = AbortSignal.any ? AbortSignal.any([patience, request.signal]) : patience
  try {
    const response = await fetch(prepared, { signal })
    offline.value = false
    const isSignIn = new URL(prepared.url).pathname.endsWith('/session')
    if (response.status === 401 && !isSignIn) context.signedOut()
    if (!response.ok && !response.headers.get('Content-Type')?.includes('json')) return answerLocally('unreadable')
    return response
  } catch (cause) {
    if (request.signal.aborted) throw cause // the page left; nobody waits for an answer
    offline.value = !patience.aborted
    return answerLocally(patience.aborted ? 'timeout' : 'offline')
  }
}
