import { cleanComment, isBesideTheCode } from './clean-comment.ts'
import type { LineIndex } from './line-index.ts'
import type { Nest } from './nest-definitions.ts'
import type { Span } from './read-matches.ts'

export interface Docs {
  /** Key: position in `kept`. */
  readonly of: ReadonlyMap<number, string>
  readonly file: string | null
}

/**
 * Assigns comments. A definition gets the comment right above it (decorators may be between). The file gets its first comment before code
 * that is not a licence. A comment after code on the same line belongs to nothing. Linear, plus a sort.
 */
export function attachComments({ kept }: Nest, comments: readonly Span[], lines: LineIndex): Docs {
  const blocks = joinLines(comments, lines)
  const byRow = new Map<number, number>()
  if (blocks.length > 0) {
    kept.forEach(({ from, head }, i) => {
      for (const row of [lines.rowOf(from), lines.rowOf(head)]) if (!byRow.has(row)) byRow.set(row, i)
    })
  }
  // Express and similar projects leave a blank line between /** */ and the function.
  const isApart = (text: string, lastRow: number) =>
    text.startsWith('/**') && lines.every(lastRow + 1, lastRow + 2, (line) => line.trim() === '')
  const of = new Map<number, string>()
  let file: string | null = null
  let headerRow: number | null = 0 // rows before this one contain no code; null: code has begun
  for (const { text, firstRow, lastRow } of blocks) {
    if (headerRow !== null && !lines.every(headerRow, firstRow, isHeader)) headerRow = null
    const symbol =
      byRow.get(lastRow + 1) ??
      (isApart(text, lastRow) && !(headerRow !== null && file === null) ? byRow.get(lastRow + 2) : undefined)
    if (symbol !== undefined && kept[symbol]!.kind !== 'test') {
      const doc = cleanDoc(text)
      if (doc) of.set(symbol, doc)
    } else if (headerRow !== null && file === null) {
      file = cleanDoc(text)
    }
    if (headerRow !== null) headerRow = lastRow + 1
  }
  return { of, file }
}

function cleanDoc(comment: string): string | null {
  return isBesideTheCode(comment) ? null : cleanComment(comment) || null
}

/** Lines that may precede a file's own comment. */
function isHeader(line: string): boolean {
  return /^\s*$|^#!|^(['"])use \w+\1;?$|^<\?php|^declare\(|^(package|namespace) [\w.\\]+[;{]?$|^#(pragma once|ifndef \w+|define \w+)$|^<script\b.*>$|^---$/.test(
    line.trimEnd(),
  )
}

interface Block {
  readonly text: string
  readonly firstRow: number
  readonly lastRow: number
}

/** Merges comments on consecutive lines. */
function joinLines(comments: readonly Span[], lines: LineIndex): Block[] {
  const blocks: { readonly parts: string[]; readonly firstRow: number; lastRow: number }[] = []
  for (const { from, to } of [...comments].sort((a, b) => a.from - b.from)) {
    const text = lines.text.slice(from, to)
    if (!lines.isFirstOnLine(from) || text.startsWith('#!')) continue
    const firstRow = lines.rowOf(from)
    // in Rust's grammar a doc comment includes its line break
    const lastRow = lines.rowOf(text.endsWith('\n') ? to - 1 : to)
    const last = blocks.at(-1)
    if (last && last.lastRow + 1 === firstRow && !text.startsWith('/*')) {
      if (!last.parts.at(-1)!.endsWith('\n')) last.parts.push('\n')
      last.parts.push(text)
      last.lastRow = lastRow
    } else blocks.push({ parts: [text], firstRow, lastRow })
  }
  return blocks.map(({ parts, ...rows }) => ({ text: parts.join(''), ...rows }))
}
