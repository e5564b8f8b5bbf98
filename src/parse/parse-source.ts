import type { Lines, ParsedSource } from '../types.ts'
import { collectSymbols } from './collect-symbols.ts'
import { errorLines } from './error-lines.ts'
import { grammarOf } from './grammar.ts'
import { dialectOf, hasGrammar, languageById } from './languages/index.ts'
import { readLines } from './read-lines.ts'
import { readMatches } from './read-matches.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/**
 * Definitions, uses and unreadable places of one source text. Linear: one parse and one query over the tree, or one pass over the lines.
 * prepareGrammar() comes first. Throws TooSlow if the parser takes longer than maxMs.
 */
export function parseSource(text: string, languageId: string, maxMs?: number): ParsedSource {
  if (!hasGrammar(languageId)) return { ...collectSymbols(readLines(text), text), gaps: [] }
  const id = dialectOf(languageId, text)
  const imports = languageById(id).imports ?? unquote
  const read = (root: SyntaxNode) => {
    const found = readMatches(grammarOf(id).matches(root), text, imports)
    return { ...collectSymbols(found, text), gaps: errorLines(root) }
  }
  return withTree(text, id, read, maxMs)
}

/**
 * Lines with syntax errors; [] for a language without a grammar. Cheaper than parseSource: runs no query. prepareGrammar() comes first. Throws
 * TooSlow if the parser takes longer than maxMs.
 */
export function syntaxErrors(text: string, languageId: string, maxMs?: number): readonly Lines[] {
  return hasGrammar(languageId) ? withTree(text, dialectOf(languageId, text), errorLines, maxMs) : []
}

/**
 * What `use` makes of the root of a text's syntax tree. Text that is not in this language, or that its grammar cannot parse, is blanked first,
 * so that line numbers stay right. id: after dialectOf(). Throws TooSlow if the parser takes longer than maxMs.
 */
export function withTree<Result>(text: string, id: string, use: (root: SyntaxNode) => Result, maxMs?: number): Result {
  const { blocks, readable } = languageById(id)
  const tree = grammarOf(id).parse(blocks ? blankOutside(text, blocks) : (readable?.(text) ?? text), maxMs)
  try {
    return use(tree.rootNode)
  } finally {
    tree.delete?.()
  }
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
