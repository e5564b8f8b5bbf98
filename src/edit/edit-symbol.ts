import type { Edit, Lines } from '../types.ts'
import { attachedFrom, CLOSER, neighbour } from './around-definition.ts'
import { indentOf, lineEndingAt, linesOf, reindent, withLineEnding } from './text-lines.ts'

type Where = Exclude<Extract<Edit, { kind: 'symbol' }>['where'], 'delete'>

/**
 * Replaces a definition (exactly its lines) by `added`, or inserts `added` before or after it.
 *
 * lines: of the definition. `added` gets the definition's line ending and, if its first line is indented differently, its indentation.
 * Leading lines of `added` that repeat the comment or decorators right above are skipped. Inserted text is separated by as many blank lines
 * as the definition has around it, 1 or 2; possibly 0 between one-liners. 'before' means above the comment and decorators of the
 * definition.
 */
export function editSymbol(text: string, lines: Lines, where: Where, added: string): string {
  const all = linesOf(text)
  const show = (i: number) => text.slice(all[i]!.start, all[i]!.end)
  const first = lines.first - 1
  const last = lines.last - 1
  const start = all[first]!.start
  const end = all[last]!.end
  const ending = lineEndingAt(text, start)
  const raw = all.map((_, i) => show(i))
  const top = attachedFrom(raw, first)
  let block = aligned(withoutOuterBlanks(added), indentOf(raw[first]!))

  if (where === 'replace') {
    block = withoutRepeated(block, raw.slice(top, first))
    return text.slice(0, start) + withLineEnding(block.join('\n'), ending) + text.slice(end)
  }
  const above = neighbour(raw, top - 1, -1, raw[first]!)
  const below = neighbour(raw, last + 1, 1, raw[first]!)
  const areShort = block.length === 1 && top === last
  const [near, far] = where === 'before' ? [above, below] : [below, above]
  const found = near.isSibling ? near.blanks : far.isSibling ? far.blanks : 1
  const blanks = areShort && found === 0 ? 0 : Math.min(Math.max(found, 1), 2)
  const gap = ending.repeat(blanks)
  const outerGap = near.isSibling && near.blanks === 0 ? gap : ''
  const body = withLineEnding(block.join('\n'), ending)
  if (where === 'after') return text.slice(0, end) + ending + gap + body + outerGap + text.slice(end)
  const at = all[top]!.start
  return text.slice(0, at) + outerGap + body + ending + gap + text.slice(at)
}

function withoutOuterBlanks(added: string): string[] {
  const lines = withLineEnding(added, '\n').split('\n')
  const isText = (line: string) => line.trim() !== ''
  return lines.slice(lines.findIndex(isText), lines.findLastIndex(isText) + 1)
}

function aligned(block: readonly string[], indent: string): string[] {
  const own = indentOf(block[0] ?? '')
  if (own === indent || indent.length * block.length > MOST_ADDED) return [...block]
  const final = block.at(-1)!
  // Only the first line lost its indentation, as in text copied from its first letter on.
  if (own === '' && block.length > 1 && CLOSER.test(final.trim()) && indentOf(final) === indent) {
    return [indent + block[0]!, ...block.slice(1)]
  }
  return block.map((line) => reindent(line, own, indent))
}

const MOST_ADDED = 2_000_000 // characters of indentation
const MOST_ABOVE = 500 // lines of comments and decorators

function withoutRepeated(block: readonly string[], above: readonly string[]): string[] {
  for (let from = Math.max(0, above.length - MOST_ABOVE); from < above.length; from++) {
    const repeated = above.slice(from)
    if (repeated.length < block.length && repeated.every((line, i) => line.trim() === block[i]!.trim())) {
      return block.slice(repeated.length)
    }
  }
  return [...block]
}
