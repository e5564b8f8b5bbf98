import type Parser from 'tree-sitter'
import type { Lines, ParsedSource } from '../types.ts'
import { collectSymbols } from './collect-symbols.ts'
import { errorLines } from './error-lines.ts'
import { grammarOf } from './grammar.ts'
import { dialectOf, hasGrammar, languageById } from './languages/index.ts'
import { readLines } from './read-lines.ts'
import { readMatches } from './read-matches.ts'

// tree-sitter 0.21 rejects strings of 32,768 characters or more unless the buffer is larger than the text.
const bufferFor = (text: string) => ({ bufferSize: Math.max(32 * 1024, text.length * 4) })

/**
 * Definitions, uses and unreadable places of one source text. Linear: one parse and one query over the tree, or one pass over the lines.
 */
export function parseSource(text: string, languageId: string): ParsedSource {
  if (!hasGrammar(languageId)) return { ...collectSymbols(readLines(text), text), gaps: [] }
  const id = dialectOf(languageId, text)
  const tree = parseTree(text, id)
  const { query } = grammarOf(id)
  const imports = languageById(id).imports ?? unquote
  const found = readMatches(query.matches(tree.rootNode), text, imports)
  return { ...collectSymbols(found, text), gaps: errorLines(tree.rootNode) }
}

/** Lines with syntax errors; [] for a language without a grammar. Cheaper than parseSource: runs no query. */
export function syntaxErrors(text: string, languageId: string): readonly Lines[] {
  return hasGrammar(languageId) ? errorLines(parseTree(text, languageId).rootNode) : []
}

/**
 * The syntax tree of a text. Text that is not in this language, or that its grammar cannot parse, is blanked first, so that line numbers
 * stay right.
 */
export function parseTree(text: string, languageId: string): Parser.Tree {
  const id = dialectOf(languageId, text)
  const { parser } = grammarOf(id)
  const { blocks, readable } = languageById(id)
  const code = blocks ? blankOutside(text, blocks) : (readable?.(text) ?? text)
  return parser.parse(code, undefined, bufferFor(code))
}

function blankOutside(text: string, blocks: readonly RegExp[]): string {
  let kept = ''
  const blank = (from: number, to: number) => text.slice(from, to).replace(/[^\n]/g, ' ')
  const spans = blocks.flatMap((block) =>
    [...text.matchAll(block)].flatMap((match) => (match.indices?.[1] ? [match.indices[1]] : [])),
  )
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    if (from < kept.length) continue
    kept += blank(kept.length, from) + text.slice(from, to)
  }
  return kept + blank(kept.length, text.length)
}

function unquote(text: string): readonly string[] {
  return [text.replace(/^['"`<]|['"`>]$/g, '')]
}
