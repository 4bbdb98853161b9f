/** The part of Markdown that articles are written in. Everything else stays the text that it is: nothing becomes HTML. */
export type Inline = { kind: 'text' | 'strong' | 'code'; text: string } | { kind: 'link'; text: string; href: string }

export type Block =
  | { kind: 'heading'; level: 2 | 3 | 4; inline: Inline[] }
  | { kind: 'paragraph'; lines: Inline[][] }
  | { kind: 'quote'; lines: Inline[][] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }

const inlineForm = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\((https?:\/\/[^\s)]+|\/[^\s)]*)\)/g

export function readInline(text: string): Inline[] {
  const parts: Inline[] = []
  let from = 0
  for (const match of text.matchAll(inlineForm)) {
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) })
    const [whole, strong, code, link, href] = match
    if (strong !== undefined) parts.push({ kind: 'strong', text: strong })
    else if (code !== undefined) parts.push({ kind: 'code', text: code })
    else parts.push({ kind: 'link', text: link ?? '', href: href ?? '' })
    from = match.index + whole.length
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}

const cellsOf = (line: string) =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => readInline(cell.trim()))
const isRow = (line: string | undefined) => line !== undefined && /^\s*\|.*\|\s*$/.test(line)
const isRule = (line: string | undefined) => line !== undefined && /^\s*\|(\s*:?-+:?\s*\|)+\s*$/.test(line)
const itemForm = /^\s*(?:[-*]|(\d+)[.)、])\s+(.*)$/

function isSpecial(lines: string[], at: number): boolean {
  const line = lines[at] ?? ''
  return /^#{1,4}\s/.test(line) || /^>\s?/.test(line) || itemForm.test(line) || (isRow(line) && isRule(lines[at + 1]))
}

export function readMarkdown(text: string): Block[] {
  const lines = text.split(/\r?\n/)
  const blocks: Block[] = []
  let at = 0
  const takeWhile = (fits: (line: string, index: number) => boolean) => {
    const taken: string[] = []
    while (at < lines.length && fits(lines[at] ?? '', at)) taken.push(lines[at++] ?? '')
    return taken
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const heading = /^(#{1,4})\s+(.*)$/.exec(line)
    const item = itemForm.exec(line)
    if (!line.trim()) at++
    else if (heading) {
      // The page's own title is the first level.
      const level = Math.min(4, Math.max(2, heading[1]?.length ?? 2)) as 2 | 3 | 4
      blocks.push({ kind: 'heading', level, inline: readInline(heading[2] ?? '') })
      at++
    } else if (item) {
      const ordered = item[1] !== undefined
      const items = takeWhile((one) => {
        const form = itemForm.exec(one)
        return form !== null && (form[1] !== undefined) === ordered
      })
      blocks.push({ kind: 'list', ordered, items: items.map((one) => readInline(itemForm.exec(one)?.[2] ?? '')) })
    } else if (/^>\s?/.test(line)) {
      const quoted = takeWhile((one) => /^>\s?/.test(one))
      blocks.push({ kind: 'quote', lines: quoted.map((one) => readInline(one.replace(/^>\s?/, ''))) })
    } else if (isRow(line) && isRule(lines[at + 1])) {
      const [head = '', , ...rows] = takeWhile((one) => isRow(one))
      blocks.push({ kind: 'table', head: cellsOf(head), rows: rows.map(cellsOf) })
    } else {
      const first = at
      const words = takeWhile((one, index) => one.trim() !== '' && (index === first || !isSpecial(lines, index)))
      blocks.push({ kind: 'paragraph', lines: words.map(readInline) })
    }
  }
  return blocks
}
