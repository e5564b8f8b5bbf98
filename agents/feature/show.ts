import { outlineLine } from '../../src/retrieve/outline.ts'
import type { CodeSymbol, Lines, RepoPath } from '../../src/types.ts'
import type { Look } from './parse-reply.ts'
import type { Workspace } from './workspace.ts'

export interface Shown {
  /** What the model reads. */
  readonly text: string
  /** Files of which something was shown: these may be edited. */
  readonly paths: readonly RepoPath[]
}

const WHOLE_FILE = 160 // lines; a smaller file is shown whole: its parts would cost nearly as much
const HEAD = 40
const LONG_CLASS = 150
const LONG_LINE = 600 // characters
const JOIN = 4 // a gap of fewer lines costs less than saying that it is there
const MOST_LINES = 1500 // all that one answer may show

/**
 * Fetches what an agent asked to see: definitions with the comment above them, the imports of their file, lines,
 * searches. Parts of one file are shown together, once, in order. What cannot be found is said, with what there is.
 * What stands first in `looks` is shown first, and what is too much is cut from the end.
 */
export async function show(looks: readonly Look[], workspace: Workspace): Promise<Shown> {
  const spans = new Map<RepoPath, Lines[]>()
  const texts = new Map<RepoPath, readonly string[]>()
  const imports = new Map<RepoPath, Lines[]>()
  const remarks: string[] = []
  const searches: string[] = []
  const found = new Set<RepoPath>()
  for (const look of looks) {
    if (look.kind === 'search') {
      const { text, paths } = await workspace.search(look.pattern, look.within)
      searches.push(`=== search ${look.pattern}${look.within ? ` in ${look.within}` : ''}\n${text}`)
      for (const path of paths) found.add(path)
      continue
    }
    const text = await workspace.read(look.path)
    if (text === null) {
      remarks.push(`(there is no text file ${look.path})`)
      continue
    }
    const lines = text.split(/\r?\n/)
    texts.set(look.path, lines)
    const top = workspace.imports(look.path, text)
    if (top) imports.set(look.path, [top])
    const wanted = spansOf(look, lines, workspace.symbols(look.path, text), remarks)
    spans.set(look.path, [...(spans.get(look.path) ?? []), ...wanted])
  }
  const files: string[] = []
  let left = MOST_LINES
  for (const [path, wanted] of spans) {
    const lines = texts.get(path)!
    const joined = join(
      lines.length <= WHOLE_FILE ? [{ first: 1, last: lines.length }] : [...(imports.get(path) ?? []), ...wanted],
      lines.length,
    )
    const size = joined.reduce((sum, span) => sum + span.last - span.first + 1, 0)
    const fitting = size > left ? cutTo(joined, left) : joined
    if (size > left) {
      remarks.push(
        `(of ${path}, ${left} of the ${size} lines asked for are shown: ${MOST_LINES} lines are shown in all)`,
      )
    }
    left = Math.max(0, left - size)
    if (fitting.length === 0) spans.delete(path)
    else files.push(render(path, lines, fitting))
  }
  return { text: [...files, ...searches, ...remarks].join('\n\n'), paths: [...new Set([...spans.keys(), ...found])] }
}

function spansOf(
  look: Look & { kind: 'open' },
  lines: readonly string[],
  symbols: readonly CodeSymbol[],
  remarks: string[],
): Lines[] {
  if (look.lines)
    return [{ first: Math.max(1, look.lines.first - 1), last: Math.min(lines.length, look.lines.last + 1) }]
  if (!look.symbol) {
    if (lines.length > WHOLE_FILE)
      remarks.push(outline(look.path, symbols, `${look.path} has ${lines.length} lines; its definitions:`))
    return [{ first: 1, last: Math.min(lines.length, lines.length <= WHOLE_FILE ? lines.length : HEAD) }]
  }
  const wanted = look.symbol.replace(/\(\)$/, '')
  const found = symbols.filter((symbol) => symbol.qualified === wanted)
  const matches =
    found.length > 0
      ? found
      : symbols.filter(
          (symbol) =>
            symbol.name === wanted ||
            symbol.qualified.endsWith(`.${wanted}`) ||
            symbol.qualified.split('~')[0] === wanted,
        )
  if (matches.length === 0) {
    remarks.push(outline(look.path, symbols, `${look.path} has no definition '${wanted}'; it has:`))
    return [{ first: 1, last: Math.min(lines.length, HEAD) }]
  }
  return matches.slice(0, 4).flatMap((symbol) => {
    const size = symbol.lines.last - symbol.lines.first
    if (symbol.kind !== 'class' || size <= LONG_CLASS) return [withComment(symbol.lines, lines)]
    const members = symbols.filter((one) => one.qualified.startsWith(`${symbol.qualified}.`))
    remarks.push(outline(look.path, members, `${symbol.qualified} has ${size + 1} lines; its members:`))
    return [
      withComment({ first: symbol.lines.first, last: Math.min(symbol.lines.last, symbol.lines.first + HEAD) }, lines),
    ]
  })
}

function outline(path: RepoPath, symbols: readonly CodeSymbol[], title: string): string {
  const telling = [
    ...symbols.filter((symbol) => symbol.kind !== 'value'),
    ...symbols.filter((symbol) => symbol.kind === 'value'),
  ]
  return [
    `(${title}`,
    ...telling.slice(0, 40).map((symbol) => `  ${path}#${symbol.qualified}  ${outlineLine(symbol)}`),
    ')',
  ].join('\n')
}

/** A definition with the comment and decorators right above it, and one line around. */
function withComment({ first, last }: Lines, lines: readonly string[]): Lines {
  let top = first
  while (top > 1 && /^\s*(\/\/|\/?\*|#|@|""")/.test(lines[top - 2]!)) top--
  return { first: Math.max(1, top - 1), last: Math.min(lines.length, last + 1) }
}

function join(spans: readonly Lines[], total: number): Lines[] {
  const joined: Lines[] = []
  for (const span of [...spans].sort((a, b) => a.first - b.first)) {
    const previous = joined.at(-1)
    const last = Math.min(span.last, total)
    if (previous && span.first <= previous.last + JOIN)
      joined[joined.length - 1] = { first: previous.first, last: Math.max(previous.last, last) }
    else joined.push({ first: span.first, last })
  }
  return joined
}

/** The first `most` lines of the spans. */
function cutTo(spans: readonly Lines[], most: number): Lines[] {
  let left = most
  return spans.flatMap(({ first, last }) => {
    const kept = Math.min(left, last - first + 1)
    left -= kept
    return kept > 0 ? [{ first, last: first + kept - 1 }] : []
  })
}

function render(path: RepoPath, lines: readonly string[], spans: readonly Lines[]): string {
  const whole = spans.length === 1 && spans[0]!.first === 1 && spans[0]!.last >= lines.length
  const head = `=== ${path} (${whole ? 'whole file' : `${spans.map((span) => `${span.first}-${span.last}`).join(', ')} of ${lines.length} lines`})`
  return [
    head,
    ...spans.map((span, i) => {
      const text = lines.slice(span.first - 1, span.last).map(shorten)
      return (i > 0 ? '[...]\n' : '') + text.join('\n')
    }),
  ].join('\n')
}

/** Tables of icons and the like: a line of thousands of characters is worth its beginning. */
function shorten(line: string): string {
  return line.length > LONG_LINE ? `${line.slice(0, LONG_LINE)} [cut: the line goes on]` : line
}
