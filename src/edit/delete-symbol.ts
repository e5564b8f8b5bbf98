import type { Lines } from '../types.ts'
import { attachedFrom, neighbour } from './around-definition.ts'
import { indentOf, lineEndingAt, linesOf } from './text-lines.ts'

/**
 * The text without a definition (its lines) and without the comment and decorators right above it.
 *
 * Of the surrounding blank lines, as many stay as the neighbours should have between them; at the edge of a block or file, as many as that
 * edge had. null: the definition is the whole content of a block that is held together only by indentation, so the block would be empty.
 */
export function deleteSymbol(text: string, lines: Lines): string | null {
  const all = linesOf(text)
  const raw = all.map((line) => text.slice(line.start, line.end))
  const first = lines.first - 1
  const last = lines.last - 1
  const top = attachedFrom(raw, first)
  const above = neighbour(raw, top - 1, -1, raw[first]!)
  const below = neighbour(raw, last + 1, 1, raw[first]!)
  const from = top - above.blanks
  const to = last + 1 + below.blanks
  const indent = indentOf(raw[first]!)
  if (!above.isSibling && raw[from - 1]?.trim().endsWith(':') && !isIndented(raw[to], indent)) return null

  const kept = blanksBetween(above, below)
  const ending = lineEndingAt(text, all[first]!.start)
  const head = text.slice(0, all[from]!.start)
  const tail = text.slice(all[to]?.start ?? text.length)
  const result = head + ending.repeat(kept) + tail
  return tail === '' && !text.endsWith('\n') ? result.replace(/\r?\n$/, '') : result
}

type Neighbour = ReturnType<typeof neighbour>

function blanksBetween(above: Neighbour, below: Neighbour): number {
  if (above.isSibling && below.isSibling) return Math.max(above.blanks, below.blanks)
  if (above.isSibling) return below.blanks
  return below.isSibling ? above.blanks : Math.min(above.blanks, below.blanks)
}

function isIndented(line: string | undefined, indent: string): boolean {
  return line !== undefined && indentOf(line).length >= indent.length
}
