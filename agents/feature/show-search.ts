import { cutLine } from '../../src/edit/cut-line.ts'
import { countEach } from '../../src/groups.ts'
import { shownPath } from '../../src/paths.ts'
import type { CodeSymbol, RepoPath } from '../../src/types.ts'
import { firstOfEach } from './first-of-each.ts'
import type { Found, SearchHit } from './workspace.ts'

const MOST_HITS = 36
const MOST_OF_ONE = 3 // lines of a file, if there are very many matches
const FEW_HITS = 7
// Lines shown before and after a match: they cost less than a second look.
const AROUND_FEW = 2
const AROUND_MANY = 1
const LONG_LINE = 300 // characters of a line, if there are few matches
const HIT_WIDTH = 120 // of a line, if there are many

interface Sources {
  /** A file's lines, as they may be shown, and its definitions; null if it is gone. */
  readonly sourceOf: (
    path: RepoPath,
  ) => Promise<{ readonly lines: readonly string[]; readonly symbols: readonly CodeSymbol[] } | null>
  readonly noteOf?: ((path: RepoPath, qualified: string) => string | null) | undefined
  /** Files whose matches are only counted, unless nothing else matches. */
  readonly isAside: (path: RepoPath) => boolean
}

/** Lines that the reader already has, by file. */
export type Known = Map<RepoPath, Set<number>>

/**
 * Results of a search, by file and definition, with the lines around them: two for a few matches, one for more, none for very many.
 * Lines that were already shown are left out. Adds what it shows to `known`.
 */
export async function showHits(
  { hits, remark }: Found,
  known: Known,
  { sourceOf, noteOf = () => null, isAside }: Sources,
): Promise<string> {
  const rest = hits.filter(({ path }) => !isAside(path))
  const main = rest.length > 0 ? rest : hits.slice(0, FEW_HITS) // if nothing else matches
  const aside = rest.length > 0 ? hits.filter(({ path }) => isAside(path)) : hits.slice(FEW_HITS)
  const fresh = main.filter(({ path, line }) => !known.get(path)?.has(line))
  const old = main.length - fresh.length
  const remarks = remark ? [`(${remark})`] : []
  if (hits.length === 0 && !remark) remarks.push('(no match)')
  if (old > 0) remarks.push(`(${old === 1 ? '1 match is' : `${old} matches are`} in what is shown above)`)
  if (aside.length > 0)
    remarks.push(
      `(${aside.length === 1 ? '1 line matches' : `${aside.length} lines match`} in what tools have written; name one to see it: ${countsOf(aside)})`,
    )
  const isTooMany = fresh.length > MOST_HITS
  const shown = (isTooMany ? firstOfEach(fresh, MOST_OF_ONE) : fresh).slice(0, MOST_HITS)
  if (isTooMany)
    remarks.push(
      `(${fresh.length - shown.length} more lines match: ${countsOf(fresh.filter((hit) => !shown.includes(hit)))})`,
    )
  const files: string[] = []
  for (const path of new Set(shown.map((hit) => hit.path))) {
    const own = shown.filter((hit) => hit.path === path)
    const reach = fresh.length <= FEW_HITS ? AROUND_FEW : fresh.length <= MOST_HITS ? AROUND_MANY : 0
    const source = await sourceOf(path)
    if (source === null) {
      files.push(
        `${shownPath(path)}\n(${own.length === 1 ? 'a line matches' : `${own.length} lines match`}; the file is too large to be shown, or gone)`,
      )
      continue
    }
    const { lines, symbols } = source
    const say = (name: string) => `#${name}${prefixed(': ', noteOf(path, name))}`
    files.push(`${shownPath(path)}\n${around(own, reach, lines, { symbols, say }, known)}`)
  }
  return [...files, ...remarks].join('\n')
}

const FILES_COUNTED = 8

/** 'src/a.ts 12, src/b.ts 4, 3 in 2 other files'. */
function countsOf(hits: readonly SearchHit[]): string {
  const most = [...countEach(hits.map(({ path }) => path))].sort((a, b) => b[1] - a[1])
  const others = most.slice(FILES_COUNTED)
  const rest = others.reduce((sum, [, count]) => sum + count, 0)
  const named = most.slice(0, FILES_COUNTED).map(([path, count]) => `${shownPath(path)} ${count}`)
  return [
    ...named,
    ...(rest > 0 ? [`${rest} in ${others.length === 1 ? 'another file' : `${others.length} other files`}`] : []),
  ].join(', ')
}

function around(
  hits: readonly SearchHit[],
  reach: number,
  lines: readonly string[],
  { symbols, say }: { readonly symbols: readonly CodeSymbol[]; readonly say: (name: string) => string },
  known: Known,
): string {
  const [{ path }] = hits as readonly [SearchHit]
  const matched = new Map(hits.map(({ line, offset }) => [line, offset]))
  const numbers = new Set<number>()
  for (const { line } of hits)
    for (let at = Math.max(1, line - reach); at <= Math.min(lines.length, line + reach); at++)
      if (matched.has(at) || !known.get(path)?.has(at)) numbers.add(at)
  const sorted = [...numbers].sort((a, b) => a - b)
  let inside = ''
  const shown = sorted.flatMap((at, i) => {
    const isNext = at === sorted[i - 1]! + 1
    const holder = isNext ? inside : holderOf(sorted.find((one) => one >= at && matched.has(one)) ?? at, symbols)
    const head = holder !== inside && holder !== '' ? [say(holder)] : []
    inside = holder
    note(known, path, at)
    const width = reach === AROUND_FEW ? LONG_LINE : HIT_WIDTH
    const line = `${at}${matched.has(at) ? ':' : '-'}${cut(lines[at - 1] ?? '', width, matched.get(at) ?? 0)}`
    return [...(reach > 0 && i > 0 && !isNext ? ['--'] : []), ...head, line]
  })
  return shown.join('\n')
}

/** The innermost definition around a line, by a name that an edit can use; '' outside of all. */
function holderOf(line: number, symbols: readonly CodeSymbol[]): string {
  const around = symbols.filter(({ lines, kind }) => kind !== 'value' && lines.first < line && line <= lines.last)
  const sizeOf = ({ lines }: CodeSymbol) => lines.last - lines.first
  return (
    around.reduce<CodeSymbol | null>((best, one) => (best && sizeOf(best) <= sizeOf(one) ? best : one), null)
      ?.qualified ?? ''
  )
}

function prefixed(prefix: string, text: string | null): string {
  return text ? prefix + text : ''
}

function note(known: Known, path: RepoPath, line: number): void {
  const lines = known.get(path)
  if (lines) lines.add(line)
  else known.set(path, new Set([line]))
}

/** A long line is cut to the part around the match. offset: bytes before the match. */
function cut(line: string, most: number, offset: number): string {
  const at = line.length <= most ? 0 : Buffer.from(line).subarray(0, offset).toString('utf8').length
  return cutLine(line, most, at < most / 2 ? 0 : at - Math.floor(most / 3))
}
