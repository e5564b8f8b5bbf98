import { indexOfText } from '../text/index-of.ts'
import { trimEndOf } from '../text/trim-end.ts'
import { indentOf, type LineEnding, lineEndingAt, linesOf, reindent, withLineEnding } from './text-lines.ts'

/** Offsets of a found text, and its replacement with the line endings and indentation used there. */
export interface Place {
  readonly start: number
  readonly end: number
  /** May be computed at each access, since there may be a thousand places. */
  readonly replacement: string
}

export const MOST_STEPS = 10_000_000 // line comparisons: a tenth of a second
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
  const ended = endings(replacement)
  let tries = 0
  for (
    let start = indexOfText(text, find);
    start >= 0 && places.length < MOST_PLACES && tries++ < MOST_TRIES;
    start = indexOfText(text, find, start + 1)
  ) {
    const end = start + find.length
    if (splitsLineEnding(text, start) || splitsLineEnding(text, end)) continue
    places.push({ start, end, replacement: ended(lineEndingAt(text, start, end)) })
  }
  return places
}

/** Gives a text with either line ending. Each is made once, since there may be a thousand places for it. */
function endings(text: string): (ending: LineEnding) => string {
  const made = new Map<LineEnding, string>()
  return (ending) => {
    const known = made.get(ending) ?? withLineEnding(text, ending)
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
  const ended = endings(replacement)
  let tries = 0
  for (
    let from = indexOfText(haystack, wanted);
    from >= 0 && places.length < MOST_PLACES && tries++ < MOST_TRIES;
    from = indexOfText(haystack, wanted, from + 1)
  ) {
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
    places.push({ start, end, replacement: ended(lineEndingAt(text, start, end)) })
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
  const raw = lines.map((line) => text.slice(line.start, line.end))
  const trimmed = raw.map((line) => line.trim())
  const target = wanted.map((line) => line.trim())

  const bothWhole = isWhole && /\n[ \t]*$/.test(withLineEnding(replacement, '\n'))
  const moved = withLineEnding(replacement, '\n').replace(bothWhole ? /\n[ \t]*$/ : '', '')
  const places: Place[] = []
  let steps = MOST_STEPS
  for (let first = 0; first + target.length <= lines.length && places.length < MOST_PLACES; first++) {
    if (steps < 0) return []
    if (!target.every((line, i) => steps-- > 0 && trimmed[first + i] === line)) continue
    const indents = indentMap(wanted, raw.slice(first, first + wanted.length))
    if (!indents) continue
    const start = lines[first]!.start
    const last = lines[first + target.length - 1]!
    // If both end in a line break, neither is replaced, so that a last line without one stays so.
    const end = isWhole && !bothWhole ? last.next : last.end
    places.push({
      start,
      end,
      get replacement() {
        const from = [...indents.keys()].sort((a, b) => b.length - a.length)
        const shown = moved.split('\n').map((line) => moveLine(line, indents, from))
        return shown.join(lineEndingAt(text, start, end))
      },
    })
  }
  return places
}

/** Maps each indentation in `find` to one in the file. null: one maps to several, so structure would be lost. */
function indentMap(wanted: readonly string[], actual: readonly string[]): ReadonlyMap<string, string> | null {
  const indents = new Map<string, string>()
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i]!.trim() === '') continue
    const from = indentOf(wanted[i]!)
    const to = indentOf(actual[i]!)
    if ((indents.get(from) ?? to) !== to) return null
    indents.set(from, to)
  }
  return indents
}

/** longest: the keys of `indents`, the longest first. */
function moveLine(line: string, indents: ReadonlyMap<string, string>, longest: readonly string[]): string {
  const own = indentOf(line)
  const known = longest.find((from) => own.startsWith(from))
  const [firstFrom] = indents.keys()
  const from = known ?? firstFrom!
  return reindent(line, from, indents.get(from)!)
}
