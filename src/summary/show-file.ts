import type { CodeSymbol } from '../types.ts'
import { ownWords } from './own-words.ts'

export const FILE_TOKENS = 6000

/**
 * A file's text as shown to a model: whole, if it has at most `limit` tokens. Otherwise as many definitions as fit are
 * shown in full, the most informative first. Of the others the signature and the first sentence of the comment are
 * shown, so that every definition is named while there is room. In reading order. Text without definitions is cut at a
 * line. Changes here need another SHOWN in source-hash.ts. O(n log n), and one count a definition.
 */
export function showFile(
  text: string,
  symbols: readonly CodeSymbol[],
  countTokens: (text: string) => number,
  limit = FILE_TOKENS,
): string {
  // a token is at least a byte, a UTF-16 unit at most three
  if (text.length * 3 <= limit || countTokens(text) <= limit) return text
  const pieces = piecesOf(text, symbols, limit / 4, countTokens)
  let spent = 0
  const shown = pieces.map((piece) => {
    spent += piece.briefTokens
    return spent <= limit - 20 ? piece.brief : null
  })
  spent = Math.min(spent, limit - 20)
  for (const at of byWorth(pieces)) {
    const piece = pieces[at]!
    if (shown[at] === null || spent - piece.briefTokens + piece.fullTokens > limit - 20) continue
    spent += piece.fullTokens - piece.briefTokens
    shown[at] = piece.full
  }
  const left = shown.filter((piece) => !piece).length
  return [
    ...shown.filter((piece) => piece),
    ...(left > 0 ? [`[${left} more pieces of the file are not shown]`] : []),
  ].join('\n')
}

// Tokens. A body below TRIVIAL says hardly more than its signature; one above HUGE takes the room of many. Both come after the others.
const TRIVIAL = 40
const HUGE = 1200

/** Indices of the pieces in the order in which they get room: bodies that say something first, one-liners last. */
function byWorth(pieces: readonly Piece[]): number[] {
  const rank = ({ fullTokens }: Piece) => (fullTokens < TRIVIAL ? 2 : fullTokens > HUGE ? 1 : 0)
  return pieces.map((_, at) => at).sort((a, b) => rank(pieces[a]!) - rank(pieces[b]!) || a - b)
}

interface Piece {
  readonly full: string
  readonly brief: string
  readonly fullTokens: number
  readonly briefTokens: number
}

/** The file from top to bottom: definitions (large ones opened into what they hold) and the lines between them. */
function piecesOf(
  text: string,
  symbols: readonly CodeSymbol[],
  large: number,
  countTokens: (text: string) => number,
): Piece[] {
  const starts = startsOfLines(text)
  const startOf = (line: number) => starts[line - 1] ?? text.length + 1
  const textOf = (first: number, last: number) => text.slice(startOf(first), startOf(last + 1) - 1)
  const pieces: Piece[] = []
  const add = (first: number, last: number, brief: string) => {
    const full = textOf(first, last)
    if (full.trim() === '') return
    pieces.push({ full, brief, fullTokens: countTokens(full) + 1, briefTokens: brief ? countTokens(brief) + 1 : 0 })
  }
  const between = (first: number, last: number) => {
    const STRETCH = 20 // lines; imports and statements are shown in full while there is room
    for (let at = first; at <= last; at += STRETCH) add(at, Math.min(last, at + STRETCH - 1), '')
  }
  // inside: sorted by first lines, outer definitions before inner ones
  const within = (first: number, last: number, inside: readonly CodeSymbol[]) => {
    let next = first
    let end = 0
    for (const [at, symbol] of inside.entries()) {
      const { first: from, last: to } = symbol.lines
      if (to <= end) continue
      end = to
      if (from < next) continue
      between(next, from - 1)
      const held = heldBy(symbol, inside, at)
      if (held.length > 0 && countTokens(textOf(from, to)) > large) {
        const inner = held[0]!.lines.first
        add(from, Math.max(from, inner - 1), briefOf(symbol))
        within(
          Math.max(from + 1, inner),
          to,
          held.filter((one) => one.lines.first > from),
        )
      } else add(from, to, briefOf(symbol))
      next = to + 1
    }
    between(next, last)
  }
  within(
    1,
    starts.length,
    [...symbols].sort((a, b) => a.lines.first - b.lines.first || b.lines.last - a.lines.last),
  )
  return pieces
}

/** The definitions that lie in the one at place `at` of a sorted list. */
function heldBy({ lines }: CodeSymbol, sorted: readonly CodeSymbol[], at: number): readonly CodeSymbol[] {
  let end = at + 1
  while (end < sorted.length && sorted[end]!.lines.first <= lines.last) end++
  return sorted.slice(at + 1, end).filter((one) => one.lines.last <= lines.last)
}

function startsOfLines(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function briefOf({ signature, doc }: CodeSymbol): string {
  const words = ownWords(doc, 25)
  return words ? `${signature} …  [${words}]` : `${signature} …`
}
