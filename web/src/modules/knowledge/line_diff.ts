export interface DiffLine {
  kind: 'same' | 'removed' | 'added'
  text: string
}

const linesMax = 2_000

/** Two texts line by line, by their longest common lines. Very long texts are told as wholly replaced. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [was, is] = [before.split('\n'), after.split('\n')]
  if (was.length > linesMax || is.length > linesMax)
    return [
      ...was.map((text) => ({ kind: 'removed' as const, text })),
      ...is.map((text) => ({ kind: 'added' as const, text })),
    ]
  const width = is.length + 1
  const common = new Uint16Array((was.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = was.length - 1; i >= 0; i--)
    for (let j = is.length - 1; j >= 0; j--)
      common[i * width + j] = was[i] === is[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < was.length || j < is.length) {
    const [left, right] = [was[i], is[j]]
    if (left !== undefined && left === right) {
      lines.push({ kind: 'same', text: left })
      i++
      j++
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'removed', text: left })
      i++
    } else {
      lines.push({ kind: 'added', text: right ?? '' })
      j++
    }
  }
  return lines
}
