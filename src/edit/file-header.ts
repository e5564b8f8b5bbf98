const LICENCE = /copyright|licen[cs]e|spdx|@file|-\*-|coding[:=]|@ts-|eslint|prettier|frozen_string|^\/\/!|^\/\*!/i
const LINE_COMMENT = /^(\/\/|#(?![![]|\s*(include|define|undef|if|ifdef|ifndef|else|elif|endif|pragma|region)\b))/
const DIRECTIVE =
  /^((['"])use [\w ]+\2;?|package\s[\w.]+;?|<\?php|declare\(.*\);|namespace [\w\\.]+;|#!\[.*\]|#pragma once|(["'])(?!\3)[^"']*\3)$/
const DOCSTRING = /^[rRuU]?("""|''')/

/**
 * Number of leading lines above the place for imports: '#!', licence, docstring of the file, 'use strict', package.
 *
 * A comment right above code belongs to the code, unless it is about a licence or tools. O(lines of the header).
 */
export function headerLength(lines: readonly string[]): number {
  let length = 0
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!.trim()
    const end = at === 0 && line.startsWith('#!') && !line.startsWith('#![') ? 1 : itemEnd(lines, at)
    if (line === '') at++
    else if (end === null) break
    else {
      const isComment = LINE_COMMENT.test(line) || line.startsWith('/*')
      const isAttached = isComment && (lines[end]?.trim() ?? '') !== ''
      if (!isAttached || lines.slice(at, end).some((one) => LICENCE.test(one.trim()))) length = end
      at = end
    }
  }
  return length
}

/** The line after a comment, docstring or directive that begins at a line; null: none begins there. */
function itemEnd(lines: readonly string[], at: number): number | null {
  const line = lines[at]!.trim()
  if (LINE_COMMENT.test(line)) {
    let end = at + 1
    while (LINE_COMMENT.test(lines[end]?.trim() ?? '')) end++
    return end
  }
  if (line.startsWith('/*')) return closedAt(lines, at, '*/', 2)
  const quote = DOCSTRING.exec(line)
  if (quote) return closedAt(lines, at, quote[1]!, quote[0].length)
  if (/^#ifndef \w+$/.test(line) && /^#define \w+$/.test(lines[at + 1]?.trim() ?? '')) return at + 2
  return DIRECTIVE.test(line) ? at + 1 : null
}

/** null: it is not closed, or code follows on the same line. */
function closedAt(lines: readonly string[], at: number, closer: string, skip: number): number | null {
  for (let i = at; i < lines.length; i++) {
    const line = lines[i]!.trim()
    const found = line.indexOf(closer, i === at ? skip : 0)
    if (found >= 0) return line.length === found + closer.length ? i + 1 : null
  }
  return null
}
