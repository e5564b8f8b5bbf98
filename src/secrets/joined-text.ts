import { type Secret, WALL } from './secret.ts'

/** The lines on which a text concatenates strings, without what separates their parts. */
export interface JoinedText {
  readonly text: string
  /** Whether a place in the joined text crosses a seam. */
  isSeamWithin(secret: Secret): boolean
  /** Converts a place in the joined text to the whole text. */
  toWhole(secret: Secret): Secret
}

const QUOTE = '["\'`]'
const OPERATOR = '[+.&~\\\\]|\\.\\.|<>|\\|\\|'
const CONTINUED = '[\\\\`]\\r?\\n'
// A seam between two strings is a concatenation operator or a line end. Within one string it is a continued line (shell, C, JavaScript;
// PowerShell).
const SEAM = new RegExp(
  `${QUOTE}[ \\t]{0,40}(?:\\r?\\n\\s{0,200})?(?:${OPERATOR})?[ \\t]{0,40}(?:\\r?\\n\\s{0,200})?[ \\t]{0,40}[rbfuL]?${QUOTE}|${CONTINUED}[ \\t]{0,200}`,
  'y',
)
const EMPTY = /^["'`]{2}$/
// Matches wherever SEAM does, in a fifth of the time: SEAM tries each way to divide an indent among its parts.
const LIKE_SEAM = new RegExp(`${QUOTE}\\s*(?:(?:${OPERATOR})\\s*)?[rbfuL]?${QUOTE}|${CONTINUED}`, 'g')
// A folded YAML block, whose lines form one: 'key: >-'. Few lines end so.
const FOLD = /[>|][-+]?\d?[ \t]{0,20}\r?\n[ \t]/g
const FOLDED = /(?<=[:-][ \t]{1,20})[>|][-+]?\d?[ \t]{0,20}\r?\n(([ \t]{1,80})\S[^\n]*(?:\n\2[^\n]*){0,200})/y

const BEFORE = 400 // characters of the line before a seam
const BEHIND = 400

/** Joins concatenated strings and continued lines. null: there are none. */
export function joinedText(text: string): JoinedText | null {
  const seams = seamsOf(text)
  if (seams.length === 0) return null
  const starts: number[] = [] // start of each part in the whole text
  const places: number[] = [] // start of each part in the joined text
  let joined = ''
  let end = 0 // end of the last part in the whole text
  const add = (from: number, to: number) => {
    starts.push(from)
    places.push(joined.length)
    joined += text.slice(from, to)
    end = to
  }
  for (const [i, { from, to }] of seams.entries()) {
    if (from < end) continue
    const isFirst = i === 0 || end < from
    if (isFirst) {
      joined += WALL
      const start = Math.max(end, from - BEFORE)
      add(start + text.slice(start, from).lastIndexOf('\n') + 1, from)
    }
    const next = Math.min(seams[i + 1]?.from ?? text.length, to + BEHIND)
    const line = text.slice(to, next).indexOf('\n') // not in the whole text: with many seams in one line, that would take quadratic time
    add(to, line < 0 ? next : to + line)
  }
  /** The part that contains a place. */
  const partAt = (place: number) => {
    let [low, high] = [0, places.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (places[middle]! <= place) low = middle
      else high = middle - 1
    }
    return low
  }
  const whole = (place: number) => starts[partAt(place)]! + place - places[partAt(place)]!
  return {
    text: joined,
    isSeamWithin: ({ from, to }) => partAt(from) !== partAt(to - 1),
    toWhole: (secret) => ({ ...secret, from: whole(secret.from), to: whole(secret.to - 1) + 1 }),
  }
}

interface Seam {
  readonly from: number
  readonly to: number
}

function seamsOf(text: string): Seam[] {
  const seams: Seam[] = []
  for (const { index, 0: seam } of matchesAt(text, LIKE_SEAM, SEAM))
    if (!EMPTY.test(seam)) seams.push({ from: index, to: index + seam.length })
  for (const { index, 0: block, 1: lines } of matchesAt(text, FOLD, FOLDED)) {
    const start = index + block.length - lines!.length
    for (const { index: at, 0: seam } of lines!.matchAll(/\s{1,200}/g))
      seams.push({ from: start + at, to: start + at + seam.length })
  }
  return seams.sort((a, b) => a.from - b.from)
}

/** The matches of a sticky pattern. It is tried only where a faster, global one matches. */
function matchesAt(text: string, where: RegExp, pattern: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = []
  where.lastIndex = 0
  for (let like = where.exec(text); like; like = where.exec(text)) {
    pattern.lastIndex = like.index
    const match = pattern.exec(text)
    if (match) found.push(match)
    where.lastIndex = like.index + (match?.[0].length ?? 1)
  }
  return found
}
