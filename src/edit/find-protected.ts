import { canonicalName, isShortNameOf } from '../files/canonical-name.ts'
import type { RepoPath } from '../types.ts'
import { PROTECTED_PATHS, type ProtectedHere, type ProtectedPath } from './protected-paths.ts'

export interface Protection {
  /** The protected part of the path: parts `first` to `last`, counted from 0. The rest is inside it. */
  readonly first: number
  readonly last: number
  /** Shown in brackets: 'it is protected (...)'. */
  readonly why: string
  /** Only in this repository. */
  readonly isHere: boolean
}

/**
 * Why a path is protected, in any spelling that some file system takes for the same file; null: it is not.
 *
 * here: what is protected only in this repository.
 */
export function findProtected(path: RepoPath, here: ProtectedHere = NOTHING_HERE): Protection | null {
  const parts = partsOf(path)
  const known = findOwn(parts, treeOf(here.paths)) ?? findInTable(parts)
  if (known) return known
  const why = here.whyNamed(path)
  return why === null ? null : { first: 0, last: parts.length - 1, why, isHere: true }
}

const NOTHING_HERE: ProtectedHere = { paths: [], whyNamed: () => null }

/**
 * What is protected at the target of a link at `path`: '' for all of it. If only paths below it are (`.github`): these, relative to it, each
 * up to its first '*'.
 */
export function protectedBelow(path: RepoPath): readonly string[] {
  const parts = partsOf(path)
  if (findInTable(parts) !== null) return ['']
  const found = table().flatMap(({ patterns }) =>
    patterns.slice(1).flatMap((_, i) => {
      const [above, below] = [patterns.slice(0, i + 1), patterns.slice(i + 1)]
      const first = parts.length - above.length
      if (first < 0 || !above.every((pattern, at) => isMatch(parts[first + at]!, pattern))) return []
      const wild = below.findIndex(({ isStart }) => isStart)
      return [
        below
          .slice(0, wild < 0 ? undefined : wild)
          .map(({ start }) => start)
          .join('/'),
      ]
    }),
  )
  return [...new Set(found)]
}

/** The parts of a path in canonical form. '\' separates folders on Windows, and is treated as a separator everywhere. */
export function partsOf(path: RepoPath): readonly string[] {
  return path
    .split(/[/\\]/)
    .map(canonicalName)
    .filter((part) => part !== '')
}

/** By the first row of the table that matches anywhere. */
function findInTable(parts: readonly string[]): Protection | null {
  const begun = parts.flatMap((part, first) => rowsBegunBy(part).map((row) => ({ row, first })))
  for (const { row, first } of begun.sort((a, b) => a.row.at - b.row.at)) {
    const { patterns, except, why } = row
    if (!patterns.every((pattern, i) => first + i < parts.length && isMatch(parts[first + i]!, pattern))) continue
    if (patterns.length === 1 && except.some((pattern) => pattern.regex.test(parts[first]!))) continue
    return { first, last: first + patterns.length - 1, why, isHere: false }
  }
  return null
}

const MOST_KNOWN = 10_000 // parts; many paths share them
const begunBy = new Map<string, readonly Row[]>()

function rowsBegunBy(part: string): readonly Row[] {
  const known = begunBy.get(part)
  if (known) return known
  const rows = table().filter(({ patterns }) => isMatch(part, patterns[0]!))
  if (begunBy.size >= MOST_KNOWN) begunBy.clear()
  begunBy.set(part, rows)
  return rows
}

/** Rows of one repository by the names of their paths, since there may be very many. why: of the row that ends here. */
interface OwnRows {
  why: string | null
  readonly below: Map<string, OwnRows>
}

const trees = new WeakMap<readonly ProtectedPath[], OwnRows>()

function treeOf(rows: readonly ProtectedPath[]): OwnRows {
  const known = trees.get(rows)
  if (known) return known
  const top: OwnRows = { why: null, below: new Map() }
  for (const { path, why } of rows) {
    let at = top
    for (const part of partsOf(path)) {
      const next = at.below.get(part) ?? { why: null, below: new Map() }
      at.below.set(part, next)
      at = next
    }
    if (at !== top) at.why ??= why
  }
  trees.set(rows, top)
  return top
}

function findOwn(parts: readonly string[], top: OwnRows): Protection | null {
  let nodes = [top]
  for (const [last, part] of parts.entries()) {
    nodes = nodes.flatMap(({ below }) =>
      part.includes('~')
        ? [...below].flatMap(([own, row]) => (isSame(part, own) ? [row] : []))
        : (below.get(part) ?? []),
    )
    const why = nodes.find((node) => node.why !== null)?.why
    if (why) return { first: 0, last, why, isHere: true }
    if (nodes.length === 0) return null
  }
  return null
}

function isSame(part: string, own: string): boolean {
  return part === own || isShortNameOf(part, own)
}

interface Pattern {
  readonly regex: RegExp
  /** The name up to its first '*'. */
  readonly start: string
  readonly isStart: boolean
}

function isMatch(part: string, { regex, start, isStart }: Pattern): boolean {
  return regex.test(part) || isShortNameOf(part, start, isStart)
}

interface Row {
  /** Its place in the table. */
  readonly at: number
  readonly patterns: readonly Pattern[]
  readonly except: readonly Pattern[]
  readonly why: string
}

let compiled: readonly Row[] | undefined
function table(): readonly Row[] {
  compiled ??= PROTECTED_PATHS.map(({ path, except = [], why }, at) => ({
    at,
    patterns: path.split('/').map(patternOf),
    except: except.map(patternOf),
    why,
  }))
  return compiled
}

function patternOf(written: string): Pattern {
  const name = canonicalName(written)
  const escaped = name.split('*').map((text) => text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  const regex = new RegExp(`^${escaped.join('.*')}$`, 's')
  return { regex, start: name.split('*')[0]!, isStart: name.includes('*') }
}
