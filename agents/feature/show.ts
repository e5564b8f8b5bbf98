import { cutLine } from '../../src/edit/cut-line.ts'
import { placesNamed } from '../../src/edit/place-named.ts'
import { groupBy } from '../../src/groups.ts'
import { kindOfPath, shownPath } from '../../src/paths.ts'
import type { CodeSymbol, Lines, RepoPath } from '../../src/types.ts'
import { isOfDependency } from './dependency-types.ts'
import { findHits, type NamesLike, searchName } from './find-hits.ts'
import { fold } from './fold.ts'
import { sectionNamed, sections } from './headings.ts'
import type { Look } from './parse-looks.ts'
import { resolveLooks } from './resolve-looks.ts'
import { type Known, showHits } from './show-search.ts'
import type { Workspace } from './workspace.ts'
import { isWrittenByTool } from './written-by-tool.ts'

export interface Shown {
  /** Text for the model. */
  readonly text: string
  /** What was requested, each file by its full path. */
  readonly looks: readonly Look[]
  /** Files that were shown in part or whole: these may be edited. */
  readonly paths: readonly RepoPath[]
  /** Files whose imports were shown. */
  readonly imported: readonly RepoPath[]
}

export interface ShowOptions {
  /** Terms of the request, to fold long ranges to their important lines; null: they are shown whole. */
  readonly words?: ReadonlyMap<string, number> | null
  /** Whether ranges of lines that a look names stay whole. */
  readonly keepsRanges?: boolean
  /** Of the whole answer. Default: 1,500. */
  readonly mostLines?: number
  /** Files whose imports were already shown: they are not repeated. */
  readonly imported?: ReadonlySet<RepoPath>
  /** Summary of a definition, printed beside the matches in it. */
  readonly noteOf?: (path: RepoPath, qualified: string) => string | null
  /** Generated files: matches in them are only counted. */
  readonly isGenerated?: (path: RepoPath) => boolean
  /** For a search without matches. */
  readonly namesLike?: NamesLike
  /** Whether a search shows nothing outside of its places. */
  readonly isStrict?: boolean
}

const WHOLE_FILE = 160 // lines; a longer one is not shown whole
const LONG_FILE = 600 // lines above which long ranges are folded
const SMALL_FILE = 50 // lines; a smaller file is shown whole: its parts would cost nearly as much
const MOST_IMPORTS = 20 // lines
const OUTLINED = 30 // definitions
const HEAD = 40
const BRIEF = 10
const LONG_CLASS = 150
const LONG_LINE = 600 // characters; of tables of icons and the like the start is enough
const JOIN = 4 // a gap of fewer lines costs less than a note about it
const MOST_LINES = 1500
const MOST_LOOKS = 60
const MOST_ALIKE = 4 // definitions of one name

/**
 * Fetches what an agent asked to see: definitions with the comment above them, the imports of their file, lines, searches. Parts of one
 * file are shown together, once, in order. What cannot be found is reported, with the alternatives. What comes first in `wished` is
 * shown first; an excess is cut from the end.
 */
export async function show(
  wished: readonly Look[],
  workspace: Workspace,
  {
    words = null,
    keepsRanges = false,
    mostLines = MOST_LINES,
    imported = new Set(),
    noteOf,
    isGenerated = isWrittenByTool,
    namesLike = () => [],
    isStrict,
  }: ShowOptions = {},
): Promise<Shown> {
  const { looks, folders, remarks } = await resolveLooks(wished.slice(0, MOST_LOOKS), workspace)
  const found = await findHits(looks, workspace, namesLike, { isStrict })
  const searched = groupBy(
    [...found.values()].flatMap(({ hits }) => hits),
    ({ path }) => path,
  )
  const spans = new Map<RepoPath, Lines[]>()
  const sources = new Map<RepoPath, Source>()
  const imports = new Map<RepoPath, Lines[]>()
  if (wished.length > MOST_LOOKS)
    remarks.push(
      `(${MOST_LOOKS} of the ${wished.length} wishes are looked at: ask for the others again, if you need them)`,
    )
  for (const look of looks) {
    if (look.kind === 'search') continue
    const source = await readSource(look.path, workspace)
    if (source === null) {
      remarks.push(`(${await workspace.whyUnread(look.path)})`)
      continue
    }
    const { text, lines, symbols } = source
    sources.set(look.path, source)
    const top = await workspace.imports(look.path, text)
    const isToEdit = kindOfPath(look.path) !== 'test' && !isOfDependency(look.path)
    if (top && isToEdit && !imported.has(look.path))
      imports.set(look.path, [{ ...top, last: Math.min(top.last, top.first + MOST_IMPORTS - 1) }])
    const wanted = spansOf(look, lines, symbols, remarks, words === null ? WHOLE_FILE : LONG_FILE)
    const interest = words && { words, searched: new Set(searched.get(look.path)?.map(({ line }) => line)) }
    const folded =
      interest && !(keepsRanges && look.lines) ? wanted.flatMap((span) => fold(span, lines, symbols, interest)) : wanted
    spans.set(look.path, [...(spans.get(look.path) ?? []), ...folded])
  }
  const files: string[] = []
  const known: Known = new Map()
  let left = mostLines
  for (const [path, wanted] of spans) {
    const { lines } = sources.get(path)!
    const joined = join(
      lines.length <= SMALL_FILE ? [{ first: 1, last: lines.length }] : [...(imports.get(path) ?? []), ...wanted],
      lines.length,
    )
    const size = joined.reduce((sum, span) => sum + span.last - span.first + 1, 0)
    const fitting = size > left ? cutTo(joined, left) : joined
    if (size > left) {
      remarks.push(
        `(of ${shownPath(path)}, ${left} of the ${size} lines asked for are shown: ${mostLines} lines are shown in all)`,
      )
    }
    left = Math.max(0, left - size)
    if (fitting.length === 0) spans.delete(path)
    else {
      files.push(render(path, lines, fitting))
      known.set(path, new Set(fitting.flatMap(({ first, last }) => range(first, last))))
    }
  }
  const sourceOf = async (path: RepoPath) => sources.get(path) ?? (await readSource(path, workspace))
  const searches: string[] = []
  for (const [look, one] of found) {
    const named = (look.places ?? []).map(({ path }) => path)
    const isAside = (path: RepoPath) => isGenerated(path) && !named.includes(path)
    searches.push(`=== ${searchName(look)}\n${await showHits(one, known, { sourceOf, noteOf, isAside })}`)
  }
  const paths = await Promise.all(
    [...known.keys()].map(async (path) => ((await isReadOnly(path, workspace)) ? [] : [path])),
  )
  return {
    text: [...files, ...folders, ...searches, ...new Set(remarks)].join('\n\n'),
    looks,
    paths: paths.flat(),
    imported: [...imports.keys()],
  }
}

/** Nobody edits an installed package here, unless git tracks it. */
async function isReadOnly(path: RepoPath, workspace: Workspace): Promise<boolean> {
  return isOfDependency(path) && !(await workspace.beginningWith(path)).includes(path)
}

interface Source {
  readonly text: string
  readonly lines: readonly string[]
  readonly symbols: readonly CodeSymbol[]
}

/** null: there is no such text file. */
async function readSource(path: RepoPath, workspace: Workspace): Promise<Source | null> {
  const text = await workspace.read(path)
  if (text === null) return null
  return { text, lines: text.split(/\r?\n/), symbols: await workspace.symbols(path, text) }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

function spansOf(
  look: Look & { kind: 'open' },
  lines: readonly string[],
  symbols: readonly CodeSymbol[],
  remarks: string[],
  most: number,
): Lines[] {
  if (look.lines) {
    const first = Math.max(1, Math.min(lines.length, look.lines.first - 1))
    return [{ first, last: Math.max(first, Math.min(lines.length, look.lines.last + 1)) }]
  }
  if (!look.symbol) {
    if (lines.length > most)
      remarks.push(outline(look.path, entriesOf(symbols, lines), ` has ${lines.length} lines; its parts:`))
    return [{ first: 1, last: Math.min(lines.length, lines.length <= most ? lines.length : HEAD) }]
  }
  const section = symbols.length === 0 ? sectionNamed(lines, look.symbol) : null
  if (section) return [section.lines]
  const matches = placesNamed(look.symbol, symbols)
  if (matches.length === 0) {
    remarks.push(outline(look.path, entriesOf(symbols, lines), ` has no part '${look.symbol}'; it has:`))
    return [{ first: 1, last: Math.min(lines.length, BRIEF) }]
  }
  if (matches.length > MOST_ALIKE)
    remarks.push(
      outline(
        look.path,
        entriesOf(matches, []),
        ` has ${matches.length} parts '${look.symbol}', of which the first ${MOST_ALIKE} are shown:`,
      ),
    )
  return matches.slice(0, MOST_ALIKE).flatMap((symbol) => {
    const size = symbol.lines.last - symbol.lines.first
    if (symbol.kind !== 'class' || size <= LONG_CLASS) return [withComment(symbol.lines, lines)]
    const members = symbols.filter((one) => one.qualified.startsWith(`${symbol.qualified}.`))
    remarks.push(outline(look.path, entriesOf(members, []), `#${symbol.qualified} has ${size + 1} lines; its members:`))
    return [
      withComment({ first: symbol.lines.first, last: Math.min(symbol.lines.last, symbol.lines.first + HEAD) }, lines),
    ]
  })
}

/** The definitions of a file with their lines, those that contain code first; of prose, the headings. */
function entriesOf(symbols: readonly CodeSymbol[], lines: readonly string[]): string[] {
  const named = (name: string, { first, last }: Lines) => `${name} ${first}-${last}`
  if (symbols.length === 0) return sections(lines).map((section) => named(section.heading, section.lines))
  const isValue = ({ kind }: CodeSymbol) => kind === 'value'
  const telling = [...symbols.filter((symbol) => !isValue(symbol)), ...symbols.filter(isValue)]
  return telling.map((symbol) => named(symbol.qualified, symbol.lines))
}

function outline(path: RepoPath, entries: readonly string[], title: string): string {
  const rest = entries.length - OUTLINED
  return `(${shownPath(path)}${title} ${[...entries.slice(0, OUTLINED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ') || 'none'})`
}

/** A definition with the comment and decorators directly above it, and one line around. */
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

/** Omitted lines are listed by number, between the shown parts and at both ends. */
function render(path: RepoPath, lines: readonly string[], spans: readonly Lines[]): string {
  const left = (first: number, last: number) => (first > last ? [] : [`[... ${first}-${last}]`])
  const shown = spans.flatMap(({ first, last }, i) => [
    ...left((spans[i - 1]?.last ?? 0) + 1, first - 1),
    ...lines.slice(first - 1, last).map((line) => cutLine(line, LONG_LINE)),
  ])
  return [`=== ${shownPath(path)}`, ...shown, ...left((spans.at(-1)?.last ?? 0) + 1, lines.length)].join('\n').trimEnd()
}
