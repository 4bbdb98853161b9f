import { describe, expect, it } from 'vitest'
import type { Shelf } from './draft_box'
import { readForm, writeForm } from './kept_form'

function shelf(): Shelf & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}

describe('E6 a form half filled in', () => {
  const form = { version: 3, base: { a: 1 }, value: { a: 2 } }

  it('comes back for the same person and place only, until it is given up', () => {
    const store = shelf()
    expect(writeForm(store, 'gu', 'policy', form)).toBe(true)
    expect(readForm(store, 'gu', 'policy')).toEqual(form)
    expect(readForm(store, 'gu', 'article.new')).toBeUndefined()
    expect(readForm(store, 'shen', 'policy')).toBeUndefined()
    writeForm(store, 'gu', 'policy', undefined)
    expect(store.kept.size).toBe(0)
  })

  it.each(['{', '[]', '7', '{"value":{}}', '{"base":{},"value":{},"version":"3"}'])('is not made of %s', (entry) => {
    const store = shelf()
    store.setItem('shouwen.form.gu.policy', entry)
    expect(readForm(store, 'gu', 'policy')).toBeUndefined()
  })

  it('says so when the browser keeps nothing', () => {
    const full: Shelf = {
      ...shelf(),
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    expect(writeForm(full, 'gu', 'policy', form)).toBe(false)
  })
})
