import type { Lines } from '../types.ts'
import { cutLine } from './cut-line.ts'
import { linesOf } from './text-lines.ts'

export interface ClosestPlace {
  readonly lines: Lines
  /** These lines unchanged, cut to a length that can be shown. */
  readonly text: string
}

const FUZZY_CELLS = 400_000 // line pairs compared by letters: about 0.5 s
const EXACT_CELLS = 1_000_000 // line pairs compared for equality: about 0.3 s, which blocks the thread
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
  const best = align(trimmed, wanted, isFuzzy ? likeness() : (a, b) => (a === b ? 1 : 0))
  if (!best) return null
  const last = Math.min(best.last, best.first + SHOWN_LINES - 1)
  const shown = lines.slice(best.first, last + 1).map((line) => cutLine(text.slice(line.start, line.end), SHOWN_WIDTH))
  return { lines: { first: best.first + 1, last: last + 1 }, text: shown.join('\n') }
}

interface Cell {
  readonly score: number
  /** Start of the alignment: line of the text, line of `wanted`. */
  readonly line: number
  readonly at: number
}

function align(
  lines: readonly string[],
  wanted: readonly string[],
  alike: (a: string, b: string) => number,
): { first: number; last: number } | null {
  let best = { score: 0, line: 0, at: 0, lastLine: 0, lastAt: 0 }
  let above: Cell[] = []
  for (let i = 0; i < lines.length; i++) {
    const row: Cell[] = []
    for (let j = 0; j < wanted.length; j++) {
      const before = above[j - 1]
      // A brace or an empty line is weak evidence.
      const gain = (alike(lines[i]!, wanted[j]!) - 0.4) * (wanted[j]!.length > 2 ? 1 : 0.2)
      let cell: Cell =
        before && before.score > 0 ? { ...before, score: before.score + gain } : { score: gain, line: i, at: j }
      for (const beside of [above[j], row[j - 1]]) {
        if (beside && beside.score - GAP > cell.score) cell = { ...beside, score: beside.score - GAP }
      }
      if (cell.score <= 0) cell = { score: 0, line: i, at: j }
      row.push(cell)
      if (cell.score > best.score) best = { ...cell, lastLine: i, lastAt: j }
    }
    above = row
  }
  if (best.score < 0.1) return null
  // Unmatched lines at either end of `wanted` probably correspond to the lines around the match.
  const isShort = wanted.length <= SHOWN_LINES
  return {
    first: Math.max(0, best.line - (isShort ? best.at : 0)),
    last: Math.min(lines.length - 1, best.lastLine + (isShort ? wanted.length - 1 - best.lastAt : 0)),
  }
}

/** 0 to 1: Dice coefficient of letter pairs. The pairs of each line are counted once. */
function likeness(): (a: string, b: string) => number {
  const known = new Map<string, ReadonlySet<string>>()
  const pairsOf = (line: string): ReadonlySet<string> => {
    let pairs = known.get(line)
    if (!pairs) {
      const short = line.slice(0, SHOWN_WIDTH)
      pairs = new Set(Array.from({ length: Math.max(0, short.length - 1) }, (_, i) => short.slice(i, i + 2)))
      known.set(line, pairs)
    }
    return pairs
  }
  return (a, b) => {
    if (a === b) return 1
    const [left, right] = [pairsOf(a), pairsOf(b)]
    const [few, many] = left.size <= right.size ? [left, right] : [right, left]
    if (few.size === 0) return 0
    let shared = 0
    for (const pair of few) if (many.has(pair)) shared++
    return (2 * shared) / (few.size + many.size)
  }
}
