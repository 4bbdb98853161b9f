import { context } from './connection'
import type { StreamMessage } from './types'

export type StreamState = 'connecting' | 'open' | 'behind' | 'closed'

interface Listener {
  message: (message: StreamMessage) => void
  /** Called when a connection stands again after a gap: whatever is shown may be stale. */
  gap: () => void
  state: (state: StreamState) => void
}

const sessionEnded = 4001
const firstWaitMs = 1_000
const longestWaitMs = 30_000

/** @returns how long to wait before try number `attempt` (from 0), spread so that all desks do not return at once. */
export function backOff(attempt: number, random = Math.random()): number {
  const full = Math.min(longestWaitMs, firstWaitMs * 2 ** attempt)
  return full / 2 + (full / 2) * random
}

/** The one WebSocket of this tab. Reconnects until closed. */
export function openStream(listener: Listener): { close: () => void } {
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let wasOpen = false
  let closed = false

  function connect(): void {
    listener.state(wasOpen ? 'behind' : 'connecting')
    const address = new URL('/api/v1/stream', location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    socket = new WebSocket(address)
    socket.onopen = () => {
      attempt = 0
      listener.state('open')
      if (wasOpen) listener.gap()
      wasOpen = true
    }
    socket.onmessage = ({ data }) => {
      try {
        listener.message(JSON.parse(String(data)) as StreamMessage)
      } catch {
        // A message nobody understands is skipped; the next gap or reload shows what it would have told.
      }
    }
    socket.onclose = ({ code }) => {
      if (closed) return
      if (code === sessionEnded) context.signedOut()
      listener.state('behind')
      timer = setTimeout(connect, backOff(attempt++))
    }
  }

  const hurry = () => {
    if (closed || socket?.readyState === WebSocket.OPEN || socket?.readyState === WebSocket.CONNECTING) return
    clearTimeout(timer)
    attempt = 0
    connect()
  }
  window.addEventListener('online', hurry)
  connect()

  return {
    close() {
      closed = true
      clearTimeout(timer)
      window.removeEventListener('online', hurry)
      socket?.close()
      listener.state('closed')
    },
  }
}
