import { posix } from 'node:path'
import type { Past } from '../companions/likely-companions.ts'
import type { Store } from '../store/open-store.ts'
import { pastOf } from '../store/past-of.ts'
import type { RepoPath } from '../types.ts'
import type { ImportGraph } from './import-graph.ts'
import { code, link, prose } from './markdown-text.ts'
import type { PageNames } from './page-names.ts'
import type { RepositoryFacts } from './repository-facts.ts'

/** What every page needs. */
export interface Site {
  readonly facts: RepositoryFacts
  readonly store: Store
  readonly worktree: number
  readonly past: Past
  readonly graph: ImportGraph
  /** Paths that have a page: files of code, and their folders ('src/'). */
  readonly files: ReadonlySet<RepoPath>
  /** What is directly in a folder ('src/', '' is the root): files, and folders with their slash. */
  readonly members: ReadonlyMap<string, readonly string[]>
  readonly names: PageNames
  /** The way from the folder of the export to the top of the repository ('../..'); null: it is elsewhere. */
  readonly toRepository: string | null
}

/** A link from one page to that of another subject. */
export function linkBetween(from: RepoPath, to: RepoPath, text: string, { names }: Pick<Site, 'names'>): string {
  return link(text, posix.relative(posix.dirname(names.of(from)), names.of(to)))
}

const WORDS = 30
const MOST_NAMES = 5

/** ': ' and what a file or folder is for; of a file of which nobody says it, what it defines; '': nothing. */
export function saidOf(subject: RepoPath, { facts, store, worktree, members }: Site): string {
  const isFolder = subject.endsWith('/')
  const says = isFolder ? facts.folderSays(subject, WORDS) : facts.fileSays(subject, WORDS)
  if (says) return `: ${prose(says)}`
  const named = isFolder
    ? (members.get(subject) ?? []).map((member) => member.slice(subject.length))
    : definedIn(store, worktree, subject)
  const shown = [...new Set(named)].slice(0, MOST_NAMES + 1)
  if (shown.length === 0) return ''
  const more = shown.length > MOST_NAMES ? ', …' : ''
  return `: ${isFolder ? '' : 'defines '}${shown
    .slice(0, MOST_NAMES)
    .map((name) => code(name))
    .join(', ')}${more}`
}

/** Names of the outer definitions of a file; of constants and variables only if there is nothing else. */
function definedIn(store: Store, worktree: number, path: RepoPath): string[] {
  const outer = store.facts
    .symbols(worktree, path)
    .filter(({ qualified, name, kind }) => qualified === name && kind !== 'test')
  const main = outer.filter(({ kind }) => kind !== 'value')
  return (main.length > 0 ? main : outer).map(({ name }) => name)
}

/** Links to the folders above a subject, the nearest last. */
export function pathTo(subject: RepoPath, site: Site): string {
  const parts = subject.replace(/\/$/, '').split('/').slice(0, -1)
  const above = parts.map((_, i) => `${parts.slice(0, i + 1).join('/')}/`)
  return ['', ...above]
    .map((folder) =>
      linkBetween(subject, folder, folder === '' ? prose(site.facts.name) : code(`${posix.basename(folder)}/`), site),
    )
    .join(' / ')
}

/** Parts with an empty line between them; '' is none. */
export function page(parts: readonly string[]): string {
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** The history for many files: what was read of a commit is kept. */
export function sitePast(store: Store, worktree: number): Past {
  const past = pastOf(store, worktree)
  const known = new Map<number, readonly RepoPath[]>()
  let newest: readonly { readonly id: number }[] | null = null
  return {
    commitsOf: past.commitsOf,
    newest(limit) {
      newest ??= past.newest(limit)
      return newest
    },
    pathsOf(commits) {
      const unknown = commits.filter(({ id }) => !known.has(id))
      const read = unknown.length > 0 ? past.pathsOf(unknown) : new Map<number, readonly RepoPath[]>()
      for (const { id } of unknown) known.set(id, read.get(id) ?? [])
      return new Map(commits.map(({ id }) => [id, known.get(id)!]))
    },
  }
}
