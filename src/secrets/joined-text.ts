import type { Secret } from './secret.ts'

/** A text without what stands between the parts of its strings. */
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

/** Joins strings that are put together from parts, and lines that go on. null: there are none. */
export function joinedText(text: string): JoinedText | null {
  const seams = [...seamsOf(text)].sort((a, b) => a.from - b.from)
  if (seams.length === 0) return null
  const starts: number[] = [0] // in the whole text, of the parts
  const places: number[] = [0] // of the same in the joined one
  let joined = ''
  let end = 0
  for (const { from, to } of seams) {
    if (from < end) continue
    joined += text.slice(end, from)
    starts.push(to)
    places.push(joined.length)
    end = to
  }
  joined += text.slice(end)
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
