/** What the page needs of a Storage; a small one of its own stands in for it in tests. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export function readShelf(shelf: Shelf, key: string): unknown {
  try {
    return JSON.parse(shelf.getItem(key) ?? 'null')
  } catch {
    return null // a broken or forbidden entry is as good as none
  }
}

/** @returns whether it could be kept; a full or forbidden storage is no reason to stop anybody. */
export function writeShelf(shelf: Shelf, key: string, value: unknown): boolean {
  try {
    if (value === null) shelf.removeItem(key)
    else shelf.setItem(key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

/** Random and unguessable; unlike `crypto.randomUUID` it also works on a page served without TLS. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** @returns whether the text is on the clipboard now */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Pages without TLS have no clipboard of their own; the old way still works there.
    const field = document.createElement('textarea')
    field.value = text
    field.setAttribute('readonly', '')
    field.style.cssText = 'position:fixed;opacity:0'
    document.body.append(field)
    field.select()
    const copied = document.execCommand('copy')
    field.remove()
    return copied
  }
}
