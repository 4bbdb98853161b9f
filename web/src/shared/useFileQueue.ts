import { reactive } from 'vue'
import type { Problem } from '@/api/types'
import type { Upload } from '@/api/upload'

export interface QueuedFile {
  key: number
  name: string
  sizeBytes: number
  /** How much of it is on its way, 0 to 1. */
  share: number
  state: 'waiting' | 'sending' | 'failed'
  problem?: Problem
}

/** Nothing is wrong with the file: the same one may get through later. */
export const isWorthRetrying = ({ status }: Problem): boolean => status === 429 || status >= 500

/**
 * Files on their way, one after another, so that a slow line is not shared out among ten. A failed one stays in sight until
 * it is sent again or dismissed. Leaving the page within the application does not stop them.
 */
export function useFileQueue<T>(
  send: (file: File, options: { key: string; progress: (share: number) => void }) => Upload<T>,
  arrived: (answer: T) => void,
  newKey: () => string,
) {
  const files = reactive<QueuedFile[]>([])
  const contents = new Map<number, { file: File; key: string }>()
  let running: { key: number; stop: () => void } | undefined
  let next = 0

  const find = (key: number) => files.find((each) => each.key === key)

  async function work(): Promise<void> {
    const entry = files.find(({ state }) => state === 'waiting')
    const content = entry && contents.get(entry.key)
    if (running || !entry || !content) return
    entry.state = 'sending'
    const upload = send(content.file, { key: content.key, progress: (share) => (entry.share = share) })
    running = { key: entry.key, stop: upload.stop }
    const { data, error } = await upload.done
    running = undefined
    if (data) {
      dismiss(entry.key)
      arrived(data)
    } else if (error) {
      entry.state = 'failed'
      entry.problem = error
    }
    void work()
  }

  function add(chosen: Iterable<File>): void {
    for (const file of chosen) {
      const key = next++
      contents.set(key, { file, key: newKey() })
      files.push({ key, name: file.name, sizeBytes: file.size, share: 0, state: 'waiting' })
    }
    void work()
  }
  function retry(key: number): void {
    const entry = find(key)
    if (!entry || entry.state !== 'failed') return
    Object.assign(entry, { state: 'waiting', share: 0, problem: undefined })
    void work()
  }
  function dismiss(key: number): void {
    if (running?.key === key) running.stop()
    contents.delete(key)
    const index = files.findIndex((each) => each.key === key)
    if (index >= 0) files.splice(index, 1)
  }
  return { files, add, retry, dismiss }
}
