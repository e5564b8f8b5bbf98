import type { Secret } from './secret.ts'

/** The lines of a text on which strings are put together, without what stands between their parts. */
export interface JoinedText {
  readonly text: string
  /** Whether a place in the joined text goes over a seam. */
  isSeamWithin(secret: Secret): boolean
  /** The same place in the whole text. */
  toWhole(secret: Secret): Secret
}

const QUOTE = '["\'`]'
// Between two strings: a sign that puts them together, or the end of a line; within one: a line that goes on (shell, C, JavaScript; PowerShell).
const SEAM = new RegExp(
  `${QUOTE}[ \\t]{0,40}(?:\\r?\\n\\s{0,200})?(?:[+.&~]|\\.\\.|<>|\\|\\||\\\\)?[ \\t]{0,40}(?:\\r?\\n\\s{0,200})?[ \\t]{0,40}[rbfuL]?${QUOTE}|[\\\\\`]\\r?\\n[ \\t]{0,200}`,
  'g',
)
const EMPTY = /^["'`]{2}$/
// A block of YAML of which the lines are one: 'key: >-'.
const FOLDED = /[:-][ \t]{1,20}[>|][-+]?\d?[ \t]{0,20}\r?\n(([ \t]{1,80})\S[^\n]*(?:\n\2[^\n]*){0,200})/g

const BEFORE = 400 // characters before a seam, of its line
const BEHIND = 400
const APART = '\0' // between lines that do not go on

/** Joins strings that are put together from parts, and lines that go on. null: there are none. */
export function joinedText(text: string): JoinedText | null {
  const seams = [...seamsOf(text)].sort((a, b) => a.from - b.from)
  if (seams.length === 0) return null
  const starts: number[] = [] // in the whole text, of the parts
  const places: number[] = [] // of the same in the joined one
  let joined = ''
  let end = 0 // in the whole text, of the last part
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
      joined += APART
      add(Math.max(end, from - BEFORE, text.lastIndexOf('\n', from - 1) + 1), from)
    }
    const next = seams[i + 1]?.from ?? text.length
    const line = text.indexOf('\n', to)
    add(to, Math.min(next, to + BEHIND, line < 0 ? text.length : line))
  }
  /** The part that holds a place. */
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

function* seamsOf(text: string): Generator<{ readonly from: number; readonly to: number }> {
  for (const { index, 0: seam } of text.matchAll(SEAM))
    if (!EMPTY.test(seam)) yield { from: index, to: index + seam.length }
  for (const { index, 0: block, 1: lines } of text.matchAll(FOLDED)) {
    const start = index + block.length - lines!.length
    for (const { index: at, 0: seam } of lines!.matchAll(/\s{1,200}/g))
      yield { from: start + at, to: start + at + seam.length }
  }
}
