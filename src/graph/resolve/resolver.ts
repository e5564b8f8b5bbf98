import type { Certainty, RepoPath } from '../../types.ts'
import { folderOf, nearest } from './paths.ts'
import { SUFFIX_LIMIT, type Tree } from './tree.ts'

export interface Resolved {
  readonly path: RepoPath
  readonly certainty: Certainty
}

/** Resolves one specifier, as written in the file `from`, to files of the tree; [] if it is outside. */
export type Resolve = (from: RepoPath, specifier: string) => readonly Resolved[]

/** Resolution of import specifiers in one language. */
export interface Resolver {
  /**
   * Whether this file's text can change resolutions elsewhere ('package.json', 'go.mod', ...). Adding or deleting a path can do so in every
   * language; the caller has to handle that.
   */
  isConfig(path: RepoPath): boolean
  /**
   * Prepares nothing before the first call and caches its findings, so it is valid for one state of the tree. The result contains only
   * paths of the tree, never `from` itself. Malformed configuration counts as absent.
   */
  create(tree: Tree): Resolve
}

/** Makes a Resolve from a function that depends only on the importing file's folder. Cached per folder; the importer itself is left out. */
export function byFolder(find: (folder: string, specifier: string) => readonly Resolved[]): Resolve {
  const folders = new Map<string, Map<string, readonly Resolved[]>>()
  return (from, specifier) => {
    const folder = folderOf(from)
    let known = folders.get(folder)
    if (!known) {
      known = new Map()
      folders.set(folder, known)
    }
    let found = known.get(specifier)
    if (!found) {
      found = find(folder, specifier)
      known.set(specifier, found)
    }
    return withoutSelf(from, found)
  }
}

/** The list without the importing file. */
export function withoutSelf(from: RepoPath, found: readonly Resolved[]): readonly Resolved[] {
  return found.some(({ path }) => path === from) ? found.filter(({ path }) => path !== from) : found
}

/** Proven targets. */
export function proven(...paths: readonly RepoPath[]): readonly Resolved[] {
  return paths.map((path) => ({ path, certainty: 'resolved' }))
}

/** Guessed targets. */
export function guessed(...paths: readonly RepoPath[]): readonly Resolved[] {
  return paths.map((path) => ({ path, certainty: 'by-name' }))
}

/** Guesses among files with one path ending: those nearest to `folder`, or none if too many share the ending. */
export function guessNearest(folder: string, paths: readonly RepoPath[]): readonly Resolved[] {
  return paths.length >= SUFFIX_LIMIT ? [] : guessed(...nearest(folder, paths))
}
