import { indexesOfText } from '../text/index-of.ts'
import { trimEndOf } from '../text/trim-end.ts'
import { indentOf, type LineEnding, lineEndingsOf, linesOf, reindent, withLineEnding } from './text-lines.ts'

/** Offsets of a found text, and its replacement with the line endings and indentation used there. */
export interface Place {
  readonly start: number
  readonly end: number
  /** May be computed at each access, since there may be a thousand places. */
  readonly replacement: string
}

const MOST_STEPS = 10_000_000 // line comparisons: a tenth of a second
export const MOST_PLACES = 1000 // more places than this are not listed
const MOST_TRIES = 1500 // occurrences that are looked at; one that splits a line ending is no place

/**
 * Finds the text that an edit means: first exactly; then ignoring line endings; then also ignoring white space at line ends; then as whole
 * lines with a different but consistent indentation. The first way with a result decides.
 *
 * Returns all places found that way: none, one, or too many. O(text + find); the last way O(text x find) up to a limit, above which nothing
 * is found.
 */
export function findText(text: string, find: string, replacement: string): readonly Place[] {
  for (const way of [exactly, withCarriageReturns, withoutLineEnds, withoutIndent]) {
    const places = way(text, find, replacement)
    if (places.length > 0) return places
  }
  return []
}

function exactly(text: string, find: string, replacement: string): Place[] {
  const places: Place[] = []
  const ended = endings(text, replacement)
  let tries = 0
  for (const start of indexesOfText(text, find)) {
    if (tries++ === MOST_TRIES || places.length === MOST_PLACES) break
    const end = start + find.length
    if (splitsLineEnding(text, start) || splitsLineEnding(text, end)) continue
    places.push({ start, end, replacement: ended(start) })
  }
  return places
}

/** Returns the replacement with the line ending used at a place. It is made once for each ending: there may be a thousand places. */
function endings(text: string, replacement: string): (start: number) => string {
  const endingAt = lineEndingsOf(text)
  const made = new Map<LineEnding, string>()
  return (start) => {
    const ending = endingAt(start)
    const known = made.get(ending) ?? withLineEnding(replacement, ending)
    made.set(ending, known)
    return known
  }
}

function withCarriageReturns(text: string, find: string, replacement: string): Place[] {
  return find.includes('\n') ? exactly(text, withLineEnding(find, '\r\n'), replacement) : []
}

function splitsLineEnding(text: string, at: number): boolean {
  return text[at] === '\n' && text[at - 1] === '\r'
}

function withoutLineEnds(text: string, find: string, replacement: string): Place[] {
  const wanted = find.split('\n').map(bare).join('\n')
  if (wanted === '') return []
  const endsAtLineEnd = /[^\n][ \t\f\r]$/.test(find) // otherwise 'return ' would be found in 'returned'
  const lines = text.split('\n')
  const shown = lines.map(bare)
  const starts: { shown: number; raw: number }[] = []
  let at = { shown: 0, raw: 0 }
  lines.forEach((line, i) => {
    starts.push(at)
    at = { shown: at.shown + shown[i]!.length + 1, raw: at.raw + line.length + 1 }
  })

  const haystack = shown.join('\n')
  const places: Place[] = []
  const ended = endings(text, replacement)
  let tries = 0
  for (const from of indexesOfText(haystack, wanted)) {
    if (tries++ === MOST_TRIES || places.length === MOST_PLACES) break
    const to = from + wanted.length
    const first = lineOf(starts, from)
    const last = lineOf(starts, to)
    const start = starts[first]!.raw + from - starts[first]!.shown
    const column = to - starts[last]!.shown
    const line = lines[last]!
    if (endsAtLineEnd && column < shown[last]!.length) continue
    // At the end of a line, the ignored white space is replaced too; the '\r' belongs to the line ending.
    const length = line.endsWith('\r') ? line.length - 1 : line.length
    const end = starts[last]!.raw + (column > 0 && column === shown[last]!.length ? length : column)
    places.push({ start, end, replacement: ended(start) })
  }
  return places
}

function bare(line: string): string {
  return trimEndOf(line, ' \t\f\r')
}

/** Position of the last entry that starts at or before `offset`. */
function lineOf(starts: readonly { shown: number }[], offset: number): number {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]!.shown <= offset) low = middle
    else high = middle
  }
  return low
}

function withoutIndent(text: string, find: string, replacement: string): Place[] {
  const wanted = withLineEnding(find, '\n').split('\n')
  const isWhole = wanted.at(-1)!.trim() === '' && wanted.length > 1
  if (isWhole) wanted.pop()
  if (wanted.every((line) => line.trim() === '')) return []
  const lines = linesOf(text)
  const numbers = new Map<string, number>() // of lines without their indentation: numbers compare faster
  const read = (line: string): IndentedLine => {
    const bare = line.trim()
    const number = numbers.get(bare) ?? numbers.size
    numbers.set(bare, number)
    return { number, indent: bare === '' ? null : indentOf(line) }
  }
  const target = wanted.map(read)
  const actual = lines.map((line) => read(text.slice(line.start, line.end)))

  const bothWhole = isWhole && /\n[ \t]*$/.test(withLineEnding(replacement, '\n'))
  const moved = withLineEnding(replacement, '\n').replace(bothWhole ? /\n[ \t]*$/ : '', '')
  const endingAt = lineEndingsOf(text)
  const places: Place[] = []
  let shown: readonly MovedLine[] | null = null
  let steps = MOST_STEPS
  for (let first = 0; first + target.length <= lines.length && places.length < MOST_PLACES; first++) {
    let same = 0
    while (same < target.length && actual[first + same]!.number === target[same]!.number) same++
    steps -= same + 1
    if (steps < 0) return []
    if (same < target.length) continue
    const indents = indentMap(target, actual, first)
    if (!indents) continue
    const start = lines[first]!.start
    const last = lines[first + target.length - 1]!
    // If both end in a line break, neither is replaced, so that a last line without one stays so.
    const end = isWhole && !bothWhole ? last.next : last.end
    shown ??= movedLines(moved, target)
    const all = shown
    places.push({
      start,
      end,
      get replacement() {
        return all.map(({ line, from }) => reindent(line, from, indents.get(from)!)).join(endingAt(start))
      },
    })
  }
  return places
}

/** indent: null for a blank line. */
interface IndentedLine {
  readonly number: number
  readonly indent: string | null
}

/** Maps each indentation in `find` to one in the file. null: one maps to several, so structure would be lost. */
function indentMap(
  wanted: readonly IndentedLine[],
  actual: readonly IndentedLine[],
  first: number,
): ReadonlyMap<string, string> | null {
  const indents = new Map<string, string>()
  for (let i = 0; i < wanted.length; i++) {
    const from = wanted[i]!.indent
    const to = actual[first + i]!.indent
    if (from === null || to === null) continue
    if ((indents.get(from) ?? to) !== to) return null
    indents.set(from, to)
  }
  return indents
}

/** A line of the replacement, and the indentation of `find` that it goes with. */
interface MovedLine {
  readonly line: string
  readonly from: string
}

/** Each line goes with the longest indentation of `find` that it starts with, or else with the first one. */
function movedLines(replacement: string, wanted: readonly IndentedLine[]): MovedLine[] {
  const known = new Set(wanted.flatMap(({ indent }) => indent ?? []))
  const [first] = known
  const lengths = [...new Set([...known].map((indent) => indent.length))].sort((a, b) => b - a)
  return replacement.split('\n').map((line) => {
    const own = indentOf(line)
    const length = lengths.find((one) => one <= own.length && known.has(own.slice(0, one)))
    return { line, from: length === undefined ? first! : own.slice(0, length) }
  })
}
