import { shownPath } from '../paths.ts'
import type { EditTools } from './edit-tools.ts'
import { type EditedFile, setText } from './edited-file.ts'
import { headerLength } from './file-header.ts'
import { lastImport } from './last-import.ts'
import { statementEnd } from './statement-end.ts'
import { indentOf, lineEndingAt, linesOf, withLineEnding } from './text-lines.ts'

const GO_GROUP = /^import \($/
const MOST_LINES = 500
const MOST_COMPARED = 20_000_000 // pairs of an added line and a line of the file: a tenth of a second

/**
 * Adds import statements to a file with that text: after the last import at its top, else below the file's header (see file-header.ts).
 * Statements that exist already are skipped; if all exist, nothing changes.
 *
 * Returns null, or an error message for a model. Calls the parser a few times, whatever the size of the text.
 */
export async function addImport(
  file: EditedFile,
  text: string,
  added: string,
  tools: EditTools,
): Promise<string | null> {
  const { path } = file
  const raw = linesOf(text).map((line) => text.slice(line.start, line.end))
  const wanted = withLineEnding(added, '\n')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
  if (wanted.length === 0) return 'the import to add is empty'
  if (wanted.length > MOST_LINES) return `the import to add has more than ${MOST_LINES} lines: use a replace edit`
  if (wanted.length * raw.length > MOST_COMPARED)
    return `${shownPath(path)} has ${raw.length} lines, too many to add ${wanted.length}: use a replace edit`
  const last = await lastImport(path, text, tools)
  if (last === null && !(await isParsed(path, tools)))
    return `imports cannot be placed in ${shownPath(path)}: use a replace edit`

  const holder = last === null ? '' : raw[outermost(raw, last)]!.trim()
  const isGroup = GO_GROUP.test(holder)
  const indent = isGroup || holder.startsWith('<script') ? indentOf(raw[last!]!) : ''
  const block = wanted.map((line) => indent + (isGroup ? line.trim().replace(/^import\s+/, '') : line))
  const fresh = withoutKnown(block, raw)
  if (fresh.length === 0) return null
  const isFirst = last === null || fresh[0]!.startsWith('from __future__ ')
  const at = isFirst ? headerLength(raw) : last + 1
  return setText(file, withLines(text, at, isFirst ? apart(fresh, raw, at) : fresh))
}

/** Whether a whole-file parser exists, which rejects a lone bracket. PHP's parser takes everything before '<?php' for a page. */
async function isParsed(path: string, tools: EditTools): Promise<boolean> {
  return tools.importsOf !== undefined && (await tools.syntaxErrors(path, '<?php )\n')).length > 0
}

/** Position of the unindented line that a line belongs to. */
function outermost(raw: readonly string[], line: number): number {
  let head = line
  while (head > 0 && indentOf(raw[head]!) !== '') head--
  return head
}

function withoutKnown(block: readonly string[], raw: readonly string[]): string[] {
  const bare = raw.map((line) => line.trimEnd())
  const fresh: string[] = []
  for (let at = 0; at < block.length; ) {
    const end = statementEnd(block, at) + 1
    const statement = block.slice(at, end)
    const isKnown = bare.some((_, i) => statement.every((line, j) => bare[i + j] === line))
    if (!isKnown) for (const line of statement) fresh.push(line)
    at = end
  }
  return fresh
}

/** Adds the blank lines that separate a file's first imports from the text above and below. */
function apart(block: readonly string[], raw: readonly string[], at: number): string[] {
  const isSome = (line: string | undefined) => line !== undefined && line.trim() !== ''
  return [...(isSome(raw[at - 1]) ? [''] : []), ...block, ...(isSome(raw[at]) ? [''] : [])]
}

/** Inserts lines before the line at a position, with the line ending used there. */
function withLines(text: string, at: number, added: readonly string[]): string {
  const all = linesOf(text)
  const near = all[Math.max(0, at - 1)]
  const ending = near ? lineEndingAt(text, near.start) : '\n'
  const start = all[at]?.start ?? text.length
  const isOpen = start === text.length && text !== '' && !text.endsWith('\n')
  const block = added.join(ending)
  return isOpen ? text + ending + block : text.slice(0, start) + block + ending + text.slice(start)
}
