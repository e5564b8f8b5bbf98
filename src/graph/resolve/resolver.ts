import type { Certainty, RepoPath } from '../../types.ts'
import { folderOf, nearest } from './paths.ts'
import { SUFFIX_LIMIT, type Tree } from './tree.ts'

export interface Resolved {
  readonly path: RepoPath
  readonly certainty: Certainty
}

/** From one specifier, as the file `from` states it, to the files of the tree that it means; [] for what lies outside. */
export type Resolve = (from: RepoPath, specifier: string) => readonly Resolved[]

/** What a language must provide to have its import specifiers resolved. */
export interface Resolver {
  /**
   * Whether the text of this file can alter resolutions elsewhere ('package.json', 'go.mod', ...). A path that comes or
   * goes can do so in every language; that is for the caller to notice.
   */
  isConfig(path: RepoPath): boolean
  /**
   * Prepares nothing before the first call and remembers what it found, so it is good for one state of the tree.
   * The result names only paths of the tree, never `from` itself; malformed configuration counts as absent.
   */
  create(tree: Tree): Resolve
}

/** A Resolve from a function that depends on the importing file's folder only: remembered per folder, the importer itself left out. */
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

/** The same list without the importing file. */
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

/** Guesses among files of one ending: those nearest to `folder`, or none when so many share the ending that it says nothing. */
export function guessNearest(folder: string, paths: readonly RepoPath[]): readonly Resolved[] {
  return paths.length >= SUFFIX_LIMIT ? [] : guessed(...nearest(folder, paths))
}
