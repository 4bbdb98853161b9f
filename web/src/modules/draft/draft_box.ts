/** What somebody has typed and not sent, kept in this browser at once. Pure over a small store, so it is easily tested. */
export type DraftKind = 'reply' | 'note'

export interface LocalDraft {
  reply: string
  note: string
  /** Which of the two is being written. */
  kind: DraftKind
  /** ms since 1970, by this browser's clock. */
  touched_at: number
  /** The server has exactly this. */
  saved: boolean
}

export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export const emptyDraft = (): LocalDraft => ({ reply: '', note: '', kind: 'reply', touched_at: 0, saved: true })

const keyOf = (owner: string, ticket: string) => `shouwen.draft.${owner}.${ticket}`

export function readDraft(shelf: Shelf, owner: string, ticket: string): LocalDraft | undefined {
  try {
    const found: unknown = JSON.parse(shelf.getItem(keyOf(owner, ticket)) ?? 'null')
    if (!found || typeof found !== 'object') return undefined
    const draft = { ...emptyDraft(), ...found }
    return typeof draft.reply === 'string' && typeof draft.note === 'string' ? draft : undefined
  } catch {
    return undefined // a broken entry is no draft
  }
}

/** @returns whether it could be kept; a full or forbidden storage is no reason to stop anybody typing. */
export function writeDraft(shelf: Shelf, owner: string, ticket: string, draft: LocalDraft): boolean {
  try {
    if (!draft.reply && !draft.note) shelf.removeItem(keyOf(owner, ticket))
    else shelf.setItem(keyOf(owner, ticket), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

export interface RemoteDraft {
  kind: DraftKind
  content: string
  updated_at: string
}

/**
 * Joins what this browser has with what the server has. What has been typed here and not been saved always stays; else
 * the later one counts (another desk may have gone on with it).
 */
export function joinDrafts(local: LocalDraft | undefined, remote: RemoteDraft | undefined): LocalDraft {
  if (!remote) return local ?? emptyDraft()
  const remoteAt = Date.parse(remote.updated_at)
  if (local && (!local.saved || local.touched_at >= remoteAt)) return local
  const base = local ?? emptyDraft()
  return { ...base, [remote.kind]: remote.content, kind: remote.kind, touched_at: remoteAt, saved: true }
}
