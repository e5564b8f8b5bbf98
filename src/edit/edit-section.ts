import type { Edit, Lines } from '../types.ts'
import { lineEndingAt, linesOf, withLineEnding } from './text-lines.ts'

type Where = Extract<Edit, { kind: 'symbol' }>['where']

/**
 * Replaces or deletes a section of a page, or inserts text before or after it, separated by one blank line. lines: from its heading to its
 * last non-blank line; nothing above the heading belongs to it. Uses the section's line endings.
 */
export function editSection(text: string, lines: Lines, where: Where, added: string): string {
  const all = linesOf(text)
  const start = all[lines.first - 1]!.start
  const { end, next } = all[lines.last - 1]!
  const ending = lineEndingAt(text, start)
  const body = withLineEnding(added, '\n')
    .trimEnd()
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .replaceAll('\n', ending)
  if (where === 'replace') return text.slice(0, start) + body + text.slice(end)
  if (where === 'before') return text.slice(0, start) + body + ending + ending + text.slice(start)
  if (where === 'after') return text.slice(0, end) + ending + ending + body + text.slice(end)
  const below = text.slice(next).replace(/^(?:[ \t]*\r?\n)+/, '')
  return below === '' ? withoutBlankEnd(text.slice(0, start)) : text.slice(0, start) + below
}

/** Removes trailing blank lines; the last line keeps its line ending. */
function withoutBlankEnd(text: string): string {
  const bare = text.trimEnd()
  const ending = /^[^\S\n]*\n/.exec(text.slice(bare.length))
  return bare === '' || !ending || !text.endsWith('\n') ? text : bare + ending[0]
}
