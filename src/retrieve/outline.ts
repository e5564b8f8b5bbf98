import { countEach } from '../groups.ts'
import { termFinder } from '../request/words.ts'
import { NO_ABBREVIATION } from '../text/abbreviations.ts'
import { shorten } from '../text/shorten.ts'
import type { CodeSymbol } from '../types.ts'

export interface OutlineEntry {
  readonly symbol: CodeSymbol
  /** How well its name, comment and lines match the request, from 0 up. */
  readonly score: number
}

/**
 * Scores the definitions of a file against a request, in reading order. One scorer serves all files of a request.
 *
 * weights: of each term of the request (its rarity). lines: of the file; [] if its text is not at hand: then only names
 * and comments count. Each line is searched once, although definitions nest, and counted for each definition around it, up to
 * MOST_HELD in all.
 */
export function symbolScorer(
  weights: ReadonlyMap<string, number>,
): (symbols: readonly CodeSymbol[], lines: readonly string[]) => OutlineEntry[] {
  const find = termFinder(weights)
  return (symbols, lines) => {
    const found = lines.map((line) => someOfEach(find(line)))
    let left = MOST_HELD
    return symbols.map((symbol) => {
      const named = worthOf(find(symbol.qualified), weights)
      const declared = worthOf(find(`${symbol.signature} ${symbol.doc ?? ''}`), weights)
      const own = left > 0 ? found.slice(symbol.lines.first - 1, symbol.lines.last) : []
      left -= own.length
      // long definitions hold many words by chance
      const held = worthOf(own.flat(), weights) / (1 + Math.log2(1 + own.length / 20))
      return { symbol, score: 2 * named + declared + 0.7 * held }
    })
  }
}

/** How well a text matches the request: the sum of the weights of its terms, repeats damped. */
export function overlap(text: string, weights: ReadonlyMap<string, number>): number {
  return worthOf(termFinder(weights)(text), weights)
}

const MOST_HELD = 1_000_000 // lines of all definitions of a file, added up; thousands of definitions may share one declaration
const MOST_COUNTED = 3 // occurrences of a term

function worthOf(terms: readonly string[], weights: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const [term, count] of countEach(terms)) sum += weights.get(term)! * Math.min(count, MOST_COUNTED) ** 0.5
  return sum
}

/** Each term as often as it counts. A line may hold thousands of terms, and thousands of definitions that are scored by them. */
function someOfEach(terms: readonly string[]): readonly string[] {
  if (terms.length <= MOST_COUNTED) return terms
  return [...countEach(terms)].flatMap(([term, count]) => Array<string>(Math.min(count, MOST_COUNTED)).fill(term))
}

/**
 * '12-40 function parse(text: string): Tree  First sentence of its comment.' withOwner: 'Cart: total(): number', for a
 * name that occurs twice.
 */
export function outlineLine(
  { lines, signature, doc, kind, name, qualified }: CodeSymbol,
  summary?: string,
  withOwner = false,
): string {
  const owner = withOwner && qualified.endsWith(`.${name}`) ? `${qualified.slice(0, -name.length - 1)}: ` : ''
  const head = kind === 'test' ? `test '${name}'` : `${owner}${signature}`
  const span = lines.first === lines.last ? `${lines.first}` : `${lines.first}-${lines.last}`
  const remark = summary ?? (doc ? firstSentence(doc, 90) : '')
  return `${span} ${shorten(head, 140)}${remark ? `  // ${remark}` : ''}`
}

const SENTENCE = new RegExp(`^.*?[.!?]${NO_ABBREVIATION}(?= |$)`)

/** The first sentence of a text, on one line, at most `limit` characters. */
export function firstSentence(text: string, limit: number): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return shorten(SENTENCE.exec(flat)?.[0] ?? flat, limit)
}
