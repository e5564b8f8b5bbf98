import { indexOfText } from '../text/index-of.ts'
import { CUT_MARK, readCut } from './cut-line.ts'
import { MOST_PLACES, type Place } from './find-text.ts'
import { lineEndingsOf, linesOf } from './text-lines.ts'

const MOST_COMPARED = 20_000_000 // characters: a fifth of a second

/**
 * Finds whole lines by a text that repeats them as shown, cut: ' [cut]' at the end of a line, '[cut] ' at its beginning. Marks in the
 * replacement stand, in order, for the hidden parts, which stay unchanged in the file. An empty replacement deletes the whole lines.
 *
 * Returns no place if the text has no such mark; a problem if the replacement would lose hidden text. O(text x lines of find) up to a limit,
 * above which nothing is found.
 */
export function findCut(
  text: string,
  find: string,
  replacement: string,
): { readonly places: readonly Place[] } | { readonly problem: string } {
  const wanted = find.replace(/\n$/, '').split('\n').map(readLine)
  const marks = wanted.flatMap(({ sides }) => sides)
  if (marks.length === 0) return { places: [] }
  const lines = linesOf(text)
  const raw = lines.map(({ start, end }) => text.slice(start, end))
  const bare = raw.map((line) => line.trimEnd())
  const endingAt = lineEndingsOf(text)
  const starts: number[] = []
  let room = MOST_COMPARED
  const isHere = (at: number) =>
    wanted.every((line, i) => {
      room -= costOf(line, raw[at + i]!)
      return room >= 0 && (line.sides.length === 0 ? bare[at + i] === line.shown : isShownOf(line, raw[at + i]!))
    })
  for (let at = 0; at + wanted.length <= raw.length && starts.length < MOST_PLACES && room >= 0; at++)
    if (isHere(at)) starts.push(at)
  if (room < 0) return { places: [] }
  if (starts.length === 0) return { places: [] }
  const written = replacement.replace(/\n$/, '').split('\n').map(readLine)
  const kept = written.flatMap(({ sides }) => sides)
  if (replacement.trim() !== '' && kept.join() !== marks.join())
    return {
      problem: `a line of find goes on where it is marked ${CUT_MARK}: mark the replacement at the same sides, and that part stays; or find only what is shown, without the mark`,
    }
  return {
    places: starts.map((at) => {
      const { start } = lines[at]!
      const { end } = lines[at + wanted.length - 1]!
      return {
        start,
        end,
        get replacement() {
          if (replacement.trim() === '') return ''
          const hidden = wanted.flatMap((line, i) => hiddenOf(line, raw[at + i]!)).reverse()
          const whole = written.map((line) => restored(line, hidden))
          return whole.join(endingAt(start))
        },
      }
    }),
  }
}

interface ShownLine {
  readonly shown: string
  readonly sides: readonly ('head' | 'tail')[]
}

function readLine(line: string): ShownLine {
  const cut = readCut(line)
  if (!cut) return { shown: line.trimEnd(), sides: [] }
  return {
    shown: cut.shown,
    sides: [...(cut.head ? (['head'] as const) : []), ...(cut.tail ? (['tail'] as const) : [])],
  }
}

/** About how many characters a comparison reads. */
function costOf({ shown, sides }: ShownLine, line: string): number {
  return 1 + (sides.length === 2 ? line.length : Math.min(shown.length, line.length))
}

function isShownOf({ shown, sides }: ShownLine, line: string): boolean {
  if (line.length <= shown.length) return false
  if (sides.length === 2) return indexOfText(line, shown) >= 0
  return sides[0] === 'head' ? line.endsWith(shown) : line.startsWith(shown)
}

function hiddenOf({ shown, sides }: ShownLine, line: string): string[] {
  if (sides.length === 0) return []
  const at = sides[0] === 'tail' ? 0 : sides.length === 1 ? line.length - shown.length : indexOfText(line, shown)
  return sides.map((side) => (side === 'head' ? line.slice(0, at) : line.slice(at + shown.length)))
}

/** hidden: the parts in reverse order; those that are used are removed. */
function restored({ shown, sides }: ShownLine, hidden: string[]): string {
  const head = sides.includes('head') ? hidden.pop()! : ''
  return head + shown + (sides.includes('tail') ? hidden.pop()! : '')
}
