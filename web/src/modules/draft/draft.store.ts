import { useDebounceFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { api } from '@/api'
import { useSession } from '@/modules/session/session.store'
import { emptyDraft, joinDrafts, readDraft, writeDraft, type DraftKind, type LocalDraft } from './draft_box'

const saveAfterMs = 1_500

/** Drafts of replies and notes: in this browser with each key, at the server when typing pauses. */
export const useDrafts = defineStore('drafts', () => {
  const session = useSession()
  const drafts = shallowReactive(new Map<string, LocalDraft>())
  const owner = () => session.me?.id ?? ''

  function of(ticketId: string): LocalDraft {
    return drafts.get(ticketId) ?? readDraft(localStorage, owner(), ticketId) ?? emptyDraft()
  }

  function keep(ticketId: string, draft: LocalDraft): void {
    drafts.set(ticketId, draft)
    writeDraft(localStorage, owner(), ticketId, draft)
  }

  /** Once after sign-in: what other desks and earlier days have left. */
  async function load(): Promise<void> {
    const { data } = await api.GET('/drafts')
    for (const remote of data?.items ?? []) {
      const joined = joinDrafts(of(remote.ticket_id), remote)
      keep(remote.ticket_id, joined)
      if (!joined.saved) void save(remote.ticket_id)
    }
  }

  async function save(ticketId: string): Promise<void> {
    const draft = of(ticketId)
    if (draft.saved) return
    const content = draft[draft.kind]
    const path = { ticket_id: ticketId }
    const { error } = content
      ? await api.PUT('/drafts/{ticket_id}', { params: { path }, body: { kind: draft.kind, content } })
      : await api.DELETE('/drafts/{ticket_id}', { params: { path } })
    const now = of(ticketId)
    // Somebody may have typed on while the answer travelled; then the next pause saves again.
    if (!error && now.touched_at === draft.touched_at) keep(ticketId, { ...now, saved: true })
  }

  const waiting = new Set<string>()
  const saveWaiting = useDebounceFn(() => {
    for (const id of waiting) void save(id)
    waiting.clear()
  }, saveAfterMs)

  function write(ticketId: string, kind: DraftKind, content: string): void {
    const before = of(ticketId)
    if (before.kind === kind && before[kind] === content) return
    const isSameText = before[kind] === content
    keep(ticketId, { ...before, [kind]: content, kind, touched_at: Date.now(), saved: isSameText && !content })
    waiting.add(ticketId)
    void saveWaiting()
  }

  /** After it was sent: nothing is left to keep. */
  function clear(ticketId: string, kind: DraftKind): void {
    write(ticketId, kind, '')
  }

  function has(ticketId: string): boolean {
    const draft = of(ticketId)
    return Boolean(draft.reply || draft.note)
  }

  return { of, has, write, clear, load }
})
