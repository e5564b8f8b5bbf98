import type { CodeSymbol } from '../types.ts'
import { countTerms } from '../words.ts'

export interface OutlineEntry {
  readonly symbol: CodeSymbol
  /** How much of the request its name, comment and lines speak of, from 0 up. */
  readonly score: number
}

/**
 * Scores the definitions of one file against a request, in reading order.
 *
 * lines: the file's text by line, or [] when it is not at hand: names and comments then decide alone.
 * weights: what each term of the request is worth (its rarity). Linear in the file.
 */
export function scoreSymbols(
  symbols: readonly CodeSymbol[],
  lines: readonly string[],
  weights: ReadonlyMap<string, number>,
): OutlineEntry[] {
  return symbols.map((symbol) => {
    const named = overlap(symbol.qualified, weights)
    const told = overlap(`${symbol.signature} ${symbol.doc ?? ''}`, weights)
    const own = lines.slice(symbol.lines.first - 1, symbol.lines.last)
    const size = own.length
    // long definitions hold many words by chance
    const held = overlap(own.join('\n'), weights) / (1 + Math.log2(1 + size / 20))
    return { symbol, score: 2 * named + told + 0.7 * held }
  })
}

/** How much of the request a text speaks of: the weights of the terms it holds, repeats damped. */
export function overlap(text: string, weights: ReadonlyMap<string, number>): number {
  let sum = 0
  countTerms(text, (term, count) => {
    sum += (weights.get(term) ?? 0) * Math.min(count, 3) ** 0.5
  })
  return sum
}

/** '12-40 function parse(text: string): Tree  First sentence of its comment.' */
export function outlineLine({ lines, signature, doc, kind, name }: CodeSymbol, summary?: string): string {
  const head = kind === 'test' ? `test '${name}'` : signature
  const span = lines.first === lines.last ? `${lines.first}` : `${lines.first}-${lines.last}`
  const told = summary ?? (doc ? firstSentence(doc, 90) : '')
  return `${span} ${head.length > 140 ? `${head.slice(0, 139)}…` : head}${told ? `  // ${told}` : ''}`
}

/** The first sentence of a text, on one line, at most `limit` characters. */
export function firstSentence(text: string, limit: number): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  const sentence = /^.*?[.!?](?= |$)/.exec(flat)?.[0] ?? flat
  return sentence.length > limit ? `${sentence.slice(0, limit - 1)}…` : sentence
}
