import type { Lines } from '../types.ts'
import { cutLine } from './cut-line.ts'
import { linesOf } from './text-lines.ts'

export interface ClosestPlace {
  readonly lines: Lines
  /** These lines unchanged, cut to a length that can be shown. */
  readonly text: string
}

const FUZZY_CELLS = 400_000 // line pairs compared by letters: about 0.2 s
const EXACT_CELLS = 1_000_000 // line pairs compared for equality: less than 0.1 s, which blocks the thread
const GAP = 0.4 // cost of a line that exists on one side only
const SHOWN_LINES = 40
const SHOWN_WIDTH = 200

/**
 * The lines that most probably correspond to a text that does not occur; null if nothing is similar.
 *
 * Local alignment of lines (Smith and Waterman 1981) scored by line similarity, so that changed, added and missing lines are allowed.
 * O(lines of text x lines of find), up to fixed limits; above them only the beginning of `find` is used.
 */
export function closestPlace(text: string, find: string): ClosestPlace | null {
  const lines = linesOf(text)
  const trimmed = lines.map((line) => text.slice(line.start, line.end).trim())
  const isFuzzy = trimmed.length * find.split('\n').length <= FUZZY_CELLS
  const wanted = find
    .split('\n')
    .map((line) => line.trim())
    .slice(0, Math.max(1, Math.floor(EXACT_CELLS / Math.max(1, trimmed.length))))
  const best = align(trimmed, wanted, isFuzzy ? likeness(wanted) : equality(wanted))
  if (!best) return null
  const last = Math.min(best.last, best.first + SHOWN_LINES - 1)
  const shown = lines.slice(best.first, last + 1).map((line) => cutLine(text.slice(line.start, line.end), SHOWN_WIDTH))
  return { lines: { first: best.first + 1, last: last + 1 }, text: shown.join('\n') }
}

/** The similarity of a line to each wanted line, from 0 to 1. The next call overwrites the result. */
type Likeness = (line: string) => Float64Array

function align(
  lines: readonly string[],
  wanted: readonly string[],
  likenessOf: Likeness,
): { first: number; last: number } | null {
  let best = { score: 0, line: 0, at: 0, lastLine: 0, lastAt: 0 }
  // For each line of `wanted`, the best alignment that ends there, in the text's previous line (above) and in this one (row).
  let [above, row] = [rowOf(wanted.length), rowOf(wanted.length)]
  // A brace or an empty line is weak evidence.
  const weights = wanted.map((line) => (line.length > 2 ? 1 : 0.2))
  for (let i = 0; i < lines.length; i++) {
    const alike = likenessOf(lines[i]!)
    for (let j = 0; j < wanted.length; j++) {
      const gain = (alike[j]! - 0.4) * weights[j]!
      let [score, line, at] = [gain, i, j]
      if (j > 0 && above.scores[j - 1]! > 0) {
        score += above.scores[j - 1]!
        line = above.lines[j - 1]!
        at = above.ats[j - 1]!
      }
      if (above.scores[j]! - GAP > score) {
        score = above.scores[j]! - GAP
        line = above.lines[j]!
        at = above.ats[j]!
      }
      if (j > 0 && row.scores[j - 1]! - GAP > score) {
        score = row.scores[j - 1]! - GAP
        line = row.lines[j - 1]!
        at = row.ats[j - 1]!
      }
      row.scores[j] = Math.max(0, score)
      row.lines[j] = line
      row.ats[j] = at
      if (score > best.score) best = { score, line, at, lastLine: i, lastAt: j }
    }
    ;[above, row] = [row, above]
  }
  if (best.score < 0.1) return null
  // Unmatched lines at either end of `wanted` probably correspond to the lines around the match.
  const isShort = wanted.length <= SHOWN_LINES
  return {
    first: Math.max(0, best.line - (isShort ? best.at : 0)),
    last: Math.min(lines.length - 1, best.lastLine + (isShort ? wanted.length - 1 - best.lastAt : 0)),
  }
}

/** Of each alignment: its score, and where it starts in the text (lines) and in `wanted` (ats). */
interface Row {
  readonly scores: Float64Array
  readonly lines: Int32Array
  readonly ats: Int32Array
}

function rowOf(length: number): Row {
  return { scores: new Float64Array(length), lines: new Int32Array(length), ats: new Int32Array(length) }
}

function equality(wanted: readonly string[]): Likeness {
  const result = new Float64Array(wanted.length)
  return (line) => {
    for (const [j, one] of wanted.entries()) result[j] = one === line ? 1 : 0
    return result
  }
}

/** Dice coefficient of letter pairs. */
function likeness(wanted: readonly string[]): Likeness {
  const numbers = new Map<string, number>() // of each pair of letters
  const numberOf = (pair: string): number => {
    const number = numbers.get(pair) ?? numbers.size
    numbers.set(pair, number)
    return number
  }
  const pairs = wanted.map((line) => Int32Array.from(pairsOf(line), numberOf))
  const lastSeen = new Int32Array(numbers.size) // by number of a pair: the last line that has it
  const result = new Float64Array(wanted.length)
  let now = 0
  return (line) => {
    now++
    const own = pairsOf(line)
    for (const pair of own) {
      const number = numbers.get(pair)
      if (number !== undefined) lastSeen[number] = now
    }
    for (let j = 0; j < wanted.length; j++) {
      let shared = 0
      for (const number of pairs[j]!) if (lastSeen[number] === now) shared++
      const all = own.size + pairs[j]!.length
      result[j] = wanted[j] === line ? 1 : all === 0 ? 0 : (2 * shared) / all
    }
    return result
  }
}

function pairsOf(line: string): ReadonlySet<string> {
  const short = line.slice(0, SHOWN_WIDTH)
  return new Set(Array.from({ length: Math.max(0, short.length - 1) }, (_, i) => short.slice(i, i + 2)))
}
