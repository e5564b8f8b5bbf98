import { languageOfPath } from '../../src/parse/languages/index.ts'
import { shorten } from '../../src/text/shorten.ts'
import type { Edit } from '../../src/types.ts'
import { type Look, parseLooks, parted } from './parse-looks.ts'
import { hidePaths, quotePaths, revealPath } from './quoted-paths.ts'

export interface ParsedReply {
  readonly looks: readonly Look[]
  readonly edits: readonly Edit[]
  readonly notes: readonly string[]
  /** What the model reports as missing for the whole request; null: nothing of the kind. */
  readonly notEnough: string | null
  /** Why nothing is to be changed; null: the reply does not say so. */
  readonly nothingToChange: string | null
  /** What could not be parsed, in words for the model. */
  readonly problems: readonly string[]
  /** The faulty parts of the reply, as sent. */
  readonly unread: readonly string[]
}

const FIND = /^<{5,} ?(find|text)?$/i
const MIDDLE = /^={5,} ?(replace)?$/i
const NAMED_MIDDLE = /^={5,} ?replace$/i
const END = /^(> ?){5,}(end)?$/i // some models (and formatters of their training data) write '> > > > > > > end'

const HEAD =
  /^@@ (replace|replace-all|replace-definition|delete-definition|insert-after|insert-before|add-import|create|delete|rename|note|not-enough|nothing-to-change)\s+(\S.*)$/

// Limits of a reply. A longer one repeats itself, or is meant to block this process.
export const MOST_EDITS = 200
const MOST_LOOKS = 200
const MOST_BLOCKS = 10_000 // of one "@@ replace", times its paths
const MOST_WRITTEN = 2_000_000 // characters of these blocks, times the paths if there are several
const MOST_NOTES = 20
const MOST_PROBLEMS = 20
const LONGEST_HEAD = 8000 // characters: paths, or a note
const LONG_HEAD = 1000 // some patterns take the square of a line
const MOST_LONG = 100_000 // characters of all long heads
export const LONGEST_NOTE = 1000
const MOST_UNREAD = 20_000 // characters that go back to the model

/**
 * Parses a reply in the format of prompts/open.md and prompts/edit.md. Lines outside the format are skipped; a broken block is a
 * problem.
 *
 * listed: paths that a look may name by number (parse-looks.ts). Linear in the text.
 */
export function parseReply(reply: string, listed: readonly string[] = []): ParsedReply {
  const looks: Look[] = []
  const edits: Edit[] = []
  const notes: string[] = []
  const missing: string[] = []
  const there: string[] = []
  const problems: string[] = []
  const unread = new Set<number>() // lines at which unparsed parts begin
  const lines = reply.split(/\r?\n/)
  const marks = marksIn(lines)
  let room = MOST_LONG
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    const [begun, known] = [at, problems.length]
    const isLong = line.length > LONG_HEAD
    const isHead = line.length <= LONGEST_HEAD && (!isLong || room > 0)
    if (isHead && isLong) room -= line.length
    const found = isHead ? parseLooks(line.replace(/^@@ /, '').trim(), listed) : []
    if (found.length > 0) {
      looks.push(...found.slice(0, MOST_LOOKS - looks.length))
      continue
    }
    const head = isHead ? HEAD.exec(line) : null
    if (!head) {
      if (FIND.test(line)) {
        problems.push(`the block at "${(lines[at + 1] ?? '').slice(0, 60)}" has no "@@ ..." line above it`)
        unread.add(begun)
      }
      continue
    }
    const [, verb, whole] = head as unknown as [string, string, string]
    const said = whole.trimEnd()
    const what = hidePaths(said)
    if (verb === 'note') notes.push(said)
    else if (verb === 'not-enough') missing.push(said)
    else if (verb === 'nothing-to-change') there.push(said)
    else if (verb === 'delete') edits.push({ kind: 'delete', path: clean(what) })
    else if (verb === 'rename') readRename(what, edits, problems)
    else if (verb === 'delete-definition') pushSymbol(verb, clean(what), 'delete', '', edits, problems)
    else if (verb === 'replace' || verb === 'replace-all')
      at = readReplacements(lines, marks, at, pathsOf(what), verb === 'replace-all', edits, problems)
    else at = readText(lines, marks, at, verb, clean(what), edits, problems)
    if (problems.length > known) unread.add(begun)
  }
  const parts = [...unread].slice(0, MOST_PROBLEMS).map((from) => lines.slice(from, nextHead(lines, from + 1)))
  return {
    looks,
    edits: edits.slice(0, MOST_EDITS).map(withPlainPaths),
    notes: notes.slice(0, MOST_NOTES).map((one) => shorten(one, LONGEST_NOTE)),
    notEnough: missing.length > 0 ? shorten(missing.join('\n'), LONGEST_NOTE) : null,
    nothingToChange: there.length > 0 ? shorten(there.join(' '), LONGEST_NOTE) : null,
    problems: sayProblems(problems.map(quotePaths), edits.length),
    unread: parts.map((part) => shorten(part.join('\n').trimEnd(), MOST_UNREAD / parts.length)),
  }
}

function sayProblems(problems: readonly string[], edits: number): string[] {
  const said = problems.slice(0, MOST_PROBLEMS).map((one) => shorten(one, LONGEST_NOTE))
  const left = problems.length - said.length
  return [
    ...said,
    ...(left > 0 ? [`and ${left} more of this kind`] : []),
    ...(edits > MOST_EDITS
      ? [
          `the first ${MOST_EDITS} edits of the reply are read and kept, the other ${edits - MOST_EDITS} are not: send them now`,
        ]
      : []),
  ]
}

/** The line of the next "@@ ...", or the end of the reply. */
function nextHead(lines: readonly string[], from: number): number {
  let at = from
  while (at < lines.length && !HEAD.test(lines[at]!)) at++
  return at
}

function clean(path: string): string {
  return plain(path.replace(/^[`'"]|[`'"]$/g, ''))
}

function plain(path: string): string {
  return path.replace(/^\.\//, '')
}

function withPlainPaths(edit: Edit): Edit {
  const path = plain(revealPath(edit.path))
  return edit.kind === 'rename' ? { ...edit, path, to: plain(revealPath(edit.to)) } : { ...edit, path }
}

function pathsOf(what: string): string[] {
  // a name may contain a comma: what follows must look like a path
  return [
    ...new Set(
      what
        .split(/,\s(?=[^,]*[./\u{100000}-\u{10ffff}][^,]*(?:,|$))/u)
        .map((path) => clean(path.trim().replace(/,$/, ''))),
    ),
  ]
}

function readRename(what: string, edits: Edit[], problems: string[]): void {
  const [path, to, ...more] = what.split(/\s->\s/).map((one) => clean(one.trim()))
  if (path && to && more.length === 0) edits.push({ kind: 'rename', path, to })
  else problems.push(`"@@ rename ${what}" must name two paths: old/path -> new/path`)
}

/** Parses the find/replace blocks below a "@@ replace" line. Returns the last line read. */
function readReplacements(
  lines: readonly string[],
  marks: Marks,
  from: number,
  paths: readonly string[],
  isAll: boolean,
  edits: Edit[],
  problems: string[],
): number {
  let at = from
  const path = paths.join(', ')
  const blocks: { readonly find: string; readonly replacement: string }[] = []
  for (;;) {
    let start = at + 1
    while (start < lines.length && lines[start]!.trim() === '') start++
    if (!FIND.test(lines[start] ?? '')) break
    const middle = middleOf(marks, start + 1)
    const end = middle < 0 ? -1 : placeFrom(marks.ends, middle + 1)
    if (end < 0) {
      problems.push(`the edit of ${path} is cut off: "======= replace" and ">>>>>>> end" must follow the text to find`)
      return nextHead(lines, from + 1) - 1
    }
    blocks.push({
      find: lines.slice(start + 1, middle).join('\n'),
      replacement: lines.slice(middle + 1, end).join('\n'),
    })
    at = end
  }
  const written = blocks.reduce((sum, { find, replacement }) => sum + find.length + replacement.length, 0)
  if (paths.length * blocks.length > MOST_BLOCKS || (paths.length > 1 && paths.length * written > MOST_WRITTEN)) {
    problems.push(`"@@ replace" has ${blocks.length} blocks for ${paths.length} paths: too much, send fewer at once`)
    return at
  }
  for (const one of paths) {
    const [file, ...within] = parted(one)
    const scope = {
      ...(within.length > 0 ? { within: quotePaths(within.join('#')) } : {}),
      ...(isAll ? { every: true as const } : {}),
    }
    for (const block of blocks) edits.push({ kind: 'replace', path: file!, ...block, ...scope })
  }
  if (blocks.length === 0) problems.push(`"@@ replace ${path}" has no "<<<<<<< find" block below it`)
  return at
}

/**
 * Parses the block below another verb. A new file of code may come without marks, up to the next "@@ ...": a parser checks that prose
 * is not taken as code. Returns the last line read.
 */
function readText(
  lines: readonly string[],
  marks: Marks,
  from: number,
  verb: string,
  what: string,
  edits: Edit[],
  problems: string[],
): number {
  const next = nextHead(lines, from + 1)
  let start = from + 1
  while (start < lines.length && lines[start]!.trim() === '') start++
  const isMarked = FIND.test(lines[start] ?? '')
  const isNewCode = verb === 'create' && languageOfPath(revealPath(what)) !== null
  const end = isMarked ? placeFrom(marks.ends, start + 1) : next - 1
  let text: string | null = null
  if (isMarked && end >= 0) text = lines.slice(start + 1, end).join('\n')
  else if (!isMarked && isNewCode) text = unmarked(lines.slice(start, next))
  if (text === null) {
    problems.push(`"@@ ${verb} ${what}" needs a block from "<<<<<<< text" to ">>>>>>> end" below it`)
    return lines.slice(from, next).some((line) => FIND.test(line)) ? next - 1 : from
  }
  if (verb === 'create') edits.push({ kind: 'create', path: what, text: `${text}\n` })
  else if (verb === 'add-import') edits.push({ kind: 'import', path: what, text })
  else {
    const where = verb === 'replace-definition' ? 'replace' : verb === 'insert-after' ? 'after' : 'before'
    pushSymbol(verb, what, where, text, edits, problems)
  }
  return end
}

/** A text without block marks, and without a code fence around it. null: empty or ambiguous. */
function unmarked(lines: readonly string[]): string | null {
  const text = lines.join('\n').trimEnd().split('\n')
  const fence = /^(`{3,})(?:[^\s`]\S*)?$/.exec(text[0]!)?.[1]
  const isFenced = fence !== undefined && text.indexOf(fence, 1) === text.length - 1
  const inner = isFenced ? text.slice(1, -1) : text
  const isDoubtful = (line: string) =>
    FIND.test(line) ||
    END.test(line) ||
    line.startsWith('@@ ') ||
    (line.length <= LONG_HEAD && parseLooks(line.trim(), []).length > 0)
  return inner.join('').trim() === '' || (fence && !isFenced) || inner.some(isDoubtful) ? null : inner.join('\n')
}

function pushSymbol(
  verb: string,
  what: string,
  where: Extract<Edit, { kind: 'symbol' }>['where'],
  text: string,
  edits: Edit[],
  problems: string[],
): void {
  const [path, ...parts] = parted(what)
  const symbol = quotePaths(parts.join('#'))
  if (path && symbol) edits.push({ kind: 'symbol', path, symbol, where, text })
  else problems.push(`"@@ ${verb} ${what}" must name a definition: path#Name`)
}

/** For each line, the first of a kind that is not before it; -1: none. Made once: a reply may have 100,000 blocks that nothing ends. */
interface Marks {
  readonly middles: Int32Array
  readonly namedMiddles: Int32Array
  readonly ends: Int32Array
}

function marksIn(lines: readonly string[]): Marks {
  const places = (pattern: RegExp) => {
    const found = new Int32Array(lines.length + 1).fill(-1)
    for (let at = lines.length - 1; at >= 0; at--) found[at] = pattern.test(lines[at]!) ? at : found[at + 1]!
    return found
  }
  return { middles: places(MIDDLE), namedMiddles: places(NAMED_MIDDLE), ends: places(END) }
}

function placeFrom(places: Int32Array, from: number): number {
  return places[from] ?? -1
}

/** The line between find and replacement: '======= replace', or else a bare '=======', which may also underline a heading. */
function middleOf({ middles, namedMiddles, ends }: Marks, from: number): number {
  const first = placeFrom(middles, from)
  const named = placeFrom(namedMiddles, from)
  const end = first < 0 ? -1 : placeFrom(ends, first)
  return named >= 0 && (end < 0 || named < end) ? named : first
}
