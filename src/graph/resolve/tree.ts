import { groupBy } from '../../groups.ts'
import type { RepoPath } from '../../types.ts'
import { folderOf } from './paths.ts'

/** If more files than this share an ending, it says nothing, and the rest is not listed. */
export const SUFFIX_LIMIT = 8

/** Queries about the working tree that resolution needs. All lists are in code-unit order, whatever the order of the input. */
export interface Tree {
  has(path: RepoPath): boolean
  /** Paths directly in a folder; '' is the root. O(size of folder). */
  filesIn(folder: string): readonly RepoPath[]
  /** Paths that equal the suffix or end with '/' + suffix; at most SUFFIX_LIMIT. */
  withSuffix(suffix: string): readonly RepoPath[]
  /** All paths with this base name ('package.json'). */
  named(baseName: string): readonly RepoPath[]
  /** All folders that equal the suffix or end with '/' + suffix, including those that contain only folders. */
  foldersWithSuffix(suffix: string): readonly string[]
  /** Text of a small configuration file (tsconfig.json, package.json, go.mod, Cargo.toml, composer.json), or null. */
  read(path: RepoPath): string | null
}

/**
 * A tree over a list of paths, which is read once.
 *
 * read: returns the text of a path, or null; called at most once per path, and only for paths of the tree. The indexes (by folder, by
 * ending, of folders) are built on first use, O(paths) each.
 */
export function buildTree(paths: Iterable<RepoPath>, read: (path: RepoPath) => string | null): Tree {
  const sorted = [...new Set(paths)].sort()
  const all = new Set(sorted)
  const byFolder = once(() => groupBy(sorted, folderOf))
  const byBase = once(() => groupBy(sorted, (path) => lastSegments(path, 1)))
  const byTail = once(() => groupBy(sorted, (path) => lastSegments(path, 2)))
  const folders = once(() => groupBy(allFolders(sorted), (folder) => lastSegments(folder, 1)))
  const texts = new Map<RepoPath, string | null>()

  return {
    has: (path) => all.has(path),
    filesIn: (folder) => byFolder().get(folder) ?? [],
    withSuffix: (suffix) => {
      const candidates = suffix.includes('/') ? byTail().get(lastSegments(suffix, 2)) : byBase().get(suffix)
      return endingIn(candidates, suffix).slice(0, SUFFIX_LIMIT)
    },
    named: (baseName) => byBase().get(baseName) ?? [],
    foldersWithSuffix: (suffix) => endingIn(folders().get(lastSegments(suffix, 1)), suffix),
    read: (path) => {
      let text = texts.get(path)
      if (text === undefined) {
        text = all.has(path) ? read(path) : null
        texts.set(path, text)
      }
      return text
    },
  }
}

function endingIn(candidates: readonly string[] | undefined, suffix: string): readonly string[] {
  const ending = `/${suffix}`
  return (candidates ?? []).filter((path) => path === suffix || path.endsWith(ending))
}

function allFolders(paths: readonly RepoPath[]): readonly string[] {
  const found = new Set<string>()
  for (const path of paths) {
    let folder = folderOf(path)
    while (folder !== '' && !found.has(folder)) {
      found.add(folder)
      folder = folderOf(folder)
    }
  }
  return [...found].sort()
}

function lastSegments(path: string, count: number): string {
  let slash = path.length
  for (let i = 0; i < count && slash > 0; i++) slash = path.lastIndexOf('/', slash - 1)
  return path.slice(slash + 1)
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
