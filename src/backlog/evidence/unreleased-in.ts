import { type Evidence, onOneLine } from './evidence.ts'

const MOST = 15
const HEAD =
  /^(?:#{1,4}\s*)?\[?(unreleased|upcoming|next|(?:main|master|dev)\b|v?\d[\w.-]* \((?:unreleased|in progress|tbd)\))/i

/** What the changelog lists as new since the last release. At most fifteen entries; linear in the text. */
export function unreleasedIn(path: string, text: string): Evidence[] {
  const lines = text.split(/\r?\n/)
  const isHeading = (i: number) => /^#{1,4}\s/.test(lines[i]!) || /^[=-]{3,}\s*$/.test(lines[i + 1] ?? '')
  const from = lines.findIndex((line, i) => isHeading(i) && HEAD.test(line))
  if (from < 0) return []
  const level = /^#*/.exec(lines[from]!)![0].length
  const found: Evidence[] = []
  for (let i = from + 1; i < lines.length && found.length < MOST; i++) {
    const line = lines[i]!
    const depth = /^#*/.exec(line)![0].length
    if (isHeading(i) && depth <= level && /\d/.test(line)) break
    const entry = /^\s{0,3}(?:[-*+]|\d+[.)])\s+(\S.*)/.exec(line)?.[1]
    if (entry) found.push({ kind: 'unreleased', place: `${path}:${i + 1}`, text: onOneLine(entry) })
  }
  return found
}
