/** Scripts hold `{name}`; what cannot be filled stands out as 【…name】 and must be filled before sending. */
export type Known = Record<string, string | null | undefined>

/** One or two braces: texts brought along from other desks use two. */
const hole = /\{\{?\s*([a-z]\w*(?:\.\w+)*)\s*\}?\}/g

export interface ScriptPart {
  text: string
  /** `filled` in by the page; a `gap` is the agent's to fill. */
  kind: 'text' | 'filled' | 'gap'
}

export function scriptParts(
  body: string,
  known: Known,
  nameOf: (path: string) => string = (path) => path,
): ScriptPart[] {
  const parts: ScriptPart[] = []
  let from = 0
  for (const match of body.matchAll(hole)) {
    if (match.index > from) parts.push({ text: body.slice(from, match.index), kind: 'text' })
    const path = match[1] ?? ''
    const value = known[path]
    parts.push(value ? { text: value, kind: 'filled' } : { text: `【…${nameOf(path)}】`, kind: 'gap' })
    from = match.index + match[0].length
  }
  if (from < body.length) parts.push({ text: body.slice(from), kind: 'text' })
  return parts
}

export function fillScript(body: string, known: Known, nameOf?: (path: string) => string): string {
  return scriptParts(body, known, nameOf)
    .map(({ text }) => text)
    .join('')
}

/** @returns the first gap left in a text, with where it stands, so that it can be selected */
export function firstGap(text: string): { from: number; to: number; name: string } | undefined {
  const match = /【…([^】\n]*)】/.exec(text)
  return match ? { from: match.index, to: match.index + match[0].length, name: match[1] ?? '' } : undefined
}

/** What somebody types to look a script up: `/` or `]` at the start of a word, right before the caret. */
export function scriptQuery(beforeCaret: string): { from: number; query: string } | undefined {
  const match = /(^|\s)[/\]]([^\s/\]]{0,20})$/.exec(beforeCaret)
  if (!match) return undefined
  return { from: match.index + (match[1]?.length ?? 0), query: match[2] ?? '' }
}

export interface Findable {
  title: string
  body: string
  shortcut: string | null
}

/** Shortcut first, then title, then text. */
export function findScripts<T extends Findable>(scripts: T[], query: string): T[] {
  const wanted = query.trim().toLowerCase()
  if (!wanted) return scripts
  const rank = (script: T) => {
    if (script.shortcut?.toLowerCase().startsWith(wanted)) return 0
    if (script.title.toLowerCase().includes(wanted)) return 1
    return script.body.toLowerCase().includes(wanted) ? 2 : 3
  }
  return scripts
    .map((script) => ({ script, rank: rank(script) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ script }) => script)
}
