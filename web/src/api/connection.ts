import { ref } from 'vue'

/** Whether the last request reached the server. Pages show it; nothing is decided by it. */
export const offline = ref(false)

/** What the client needs to know from the application, without depending on it. */
export const context = {
  language: () => 'zh-CN',
  csrfToken: (): string | undefined => undefined,
  /** Local texts for what happens before any server could answer. */
  describe: (code: 'offline' | 'timeout' | 'unreadable'): { title: string; detail: string } => ({
    title: code,
    detail: '',
  }),
  signedOut: () => {},
}
