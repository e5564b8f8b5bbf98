import { indentOf } from './text-lines.ts'

const COMMENT =
  /^(\/\/|\/\*|\*|#(?!!|\s*(include|define|undef|if|ifdef|ifndef|else|elif|endif|pragma|region|endregion)\b)|@|\[.*\]$|--|;;|%%)/
/** Start of a line that closes the surrounding block. */
export const CLOSER = /^([})\]]|end\b)/

/** Position of the first line above a definition that belongs to it: comments and decorators without a blank line between. */
export function attachedFrom(raw: readonly string[], first: number): number {
  let top = first
  while (top > 0) {
    const line = raw[top - 1]!.trim()
    if (COMMENT.test(line)) top--
    else if (line.endsWith('*/')) {
      let open = top - 1
      while (open > 0 && !raw[open]!.includes('/*')) open--
      if (!raw[open]!.trim().startsWith('/*')) return top
      top = open
    } else return top
  }
  return top
}

/** The next non-blank line in a direction: the number of blank lines before it, and whether it is a sibling of the definition. */
export function neighbour(
  raw: readonly string[],
  from: number,
  step: 1 | -1,
  definition: string,
): { blanks: number; isSibling: boolean } {
  let at = from
  while (raw[at]?.trim() === '') at += step
  const line = raw[at]
  const isSibling = line !== undefined && isBeside(line, definition, step)
  return { blanks: Math.abs(at - from), isSibling }
}

function isBeside(line: string, definition: string, step: 1 | -1): boolean {
  if (step === 1) return indentOf(line) === indentOf(definition) && !CLOSER.test(line.trim())
  // Above: the line that opens the surrounding block is indented less; the end of a neighbour's body may be indented more.
  return indentOf(line).length >= indentOf(definition).length && !/[{([]$/.test(line.trim())
}
