import { shownPath } from '../../src/paths.ts'
import type { SymbolRow } from '../../src/store/facts.ts'
import { trimEndOf } from '../../src/text/trim-end.ts'
import type { Lines, RepoPath } from '../../src/types.ts'
import { namesLike } from '../feature/names-like.ts'
import { show } from '../feature/show.ts'
import { openWorkspace } from '../feature/workspace.ts'
import { clipLines, givenText, sayCut } from './limits.ts'
import type { ServedIndex } from './served-index.ts'

export interface FoundText {
  readonly definitions: (Lines & { readonly path: RepoPath; readonly name: string; readonly kind: string })[]
  /** Files that are called so. */
  readonly files: RepoPath[]
  /** What an agent reads: the definitions, the files, and the lines that match, grouped by file and definition. */
  readonly text: string
  /** Whether no definition, file or line was found. */
  readonly isNothing: boolean
}

const DEFINITIONS = 20
const FILES = 8
const TOKENS = 1500
const LONGEST = 500 // characters of a pattern
const LONGEST_PLACE = 5000 // of a path

/**
 * Finds a name, a text, or an extended regular expression, in at most 1,500 tokens and without secrets. place: only in this file or folder.
 * Throws UserError for an empty text.
 */
export async function findText(given: string, place: string | undefined, index: ServedIndex): Promise<FoundText> {
  const within = place && (trimEndOf(place.slice(0, LONGEST_PLACE), '/') || '/')
  const { repo, store, worktree, maxFileBytes, signal } = index
  const pattern = givenText(given, 'text to find').slice(0, LONGEST)
  const isIn = (path: string) => !within || path === within || path.startsWith(`${within}/`)
  const definitions = definitionsOf(pattern, index).filter(({ path }) => isIn(path))
  const files = pattern.length > 2 ? store.facts.pathsHolding(worktree, pattern, FILES).filter(isIn) : []
  const workspace = openWorkspace(repo.root, undefined, { maxFileBytes, signal })
  const look = { kind: 'search' as const, pattern, ...(within ? { places: [{ path: within }] } : {}) }
  const shown = await show([look], workspace, { namesLike: namesLike({ store, worktree }), isStrict: true })
  const parts = [
    definitions.map(sayDefinition).join('\n'),
    files.length > 0 ? `Files: ${files.map(shownPath).join(', ')}` : '',
    shown.text,
  ]
  const whole = parts.filter(Boolean).join('\n\n')
  const { text: fit, cut } = clipLines(await workspace.secrets.redact(whole), TOKENS)
  return {
    definitions: definitions.map(({ path, qualified, kind, lines }) => ({ path, name: qualified, kind, ...lines })),
    files,
    text: cut > 0 ? `${fit}\n${sayCut(cut)}: narrow it with "in")` : fit,
    isNothing: definitions.length + files.length + shown.paths.length === 0,
  }
}

/** 'Cart.total' names the member of a class; 'total' every definition so called. */
function definitionsOf(name: string, { store, worktree }: ServedIndex): SymbolRow[] {
  const last = name.slice(1 + Math.max(...['.', '#', ':'].map((mark) => name.lastIndexOf(mark))))
  if (!/^[\p{L}_$][\p{L}\p{N}_$?!]*$/u.test(last)) return []
  const owner = trimEndOf(name.slice(0, name.length - last.length), '.#:')
  const named = store.facts.symbolsNamed(worktree, last, 10 * DEFINITIONS)
  const owned = named.filter(
    ({ qualified, path }) => owner === '' || qualified.startsWith(`${owner}.`) || path === owner,
  )
  return owned.slice(0, DEFINITIONS)
}

export function sayDefinition({ path, kind, lines, signature }: SymbolRow): string {
  return `${shownPath(path)}:${lines.first}-${lines.last}  ${kind}  ${signature}`
}
