import { describe, expect, it } from 'vitest'
import { emptyDraft, joinDrafts, readDraft, writeDraft, type LocalDraft, type Shelf } from './draft_box'

function shelf(): Shelf & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}
const draft = (more: Partial<LocalDraft>): LocalDraft => ({ ...emptyDraft(), ...more })
const at = (text: string) => Date.parse(text)

describe('E6 what is typed is kept', () => {
  it('comes back after a reload, for the same person and ticket only', () => {
    const store = shelf()
    writeDraft(store, 'lin', 't1', draft({ reply: '您好', touched_at: 5, saved: false }))
    expect(readDraft(store, 'lin', 't1')).toMatchObject({ reply: '您好', touched_at: 5, saved: false })
    expect(readDraft(store, 'lin', 't2')).toBeUndefined()
    expect(readDraft(store, 'wang', 't1')).toBeUndefined()
  })

  it('leaves nothing behind when emptied', () => {
    const store = shelf()
    writeDraft(store, 'lin', 't1', draft({ reply: 'x' }))
    writeDraft(store, 'lin', 't1', emptyDraft())
    expect(store.kept.size).toBe(0)
  })

  it.each(['{', '[]', '"x"', '{"reply":7}'])('survives a broken entry %s', (entry) => {
    const store = shelf()
    store.setItem('shouwen.draft.lin.t1', entry)
    const found = readDraft(store, 'lin', 't1')
    expect(found?.reply ?? '').toBe('')
  })

  it('says so when the browser keeps nothing', () => {
    const full: Shelf = {
      ...shelf(),
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    expect(writeDraft(full, 'lin', 't1', draft({ reply: 'x' }))).toBe(false)
  })
})

describe('joining with the server’s draft', () => {
  const remote = { kind: 'note' as const, content: '远程', updated_at: '2026-11-23T10:00:00Z' }

  it.each([
    ['nothing here', undefined, '远程'],
    ['older here, saved', draft({ reply: '旧', touched_at: at('2026-11-23T09:00:00Z') }), '远程'],
    ['older here, never saved', draft({ note: '未存', saved: false, touched_at: at('2026-11-23T09:00:00Z') }), '未存'],
    ['newer here', draft({ note: '新', touched_at: at('2026-11-23T11:00:00Z') }), '新'],
  ])('%s', (_name, local, note) => expect(joinDrafts(local, remote).note).toBe(note))

  it('never loses the other kind', () => {
    const joined = joinDrafts(draft({ reply: '回复稿', touched_at: 1 }), remote)
    expect(joined).toMatchObject({ reply: '回复稿', note: '远程', kind: 'note' })
  })
})
