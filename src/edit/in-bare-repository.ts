import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalName } from '../files/canonical-name.ts'
import type { RepoPath } from '../types.ts'

const HEAD = canonicalName('HEAD')
const PARTS = [HEAD, canonicalName('objects'), canonicalName('refs')]

/**
 * Tells whether a file lies in a folder below the top that git takes for a bare repository, because it has HEAD, objects and refs, in any
 * spelling that some file system takes for these. In such a folder git runs programs that its settings name, even for a shell prompt that calls
 * git.
 *
 * roots: trees that count as one: together they may hold the three. changed: paths of a change, which count as existing, also if they are
 * deleted. O(depth) for a path; each folder is listed once.
 */
export function bareRepositoriesIn(
  roots: readonly string[],
  changed: readonly RepoPath[],
): (path: RepoPath) => boolean {
  const top: Folder = new Map()
  for (const path of changed) add(path, top)
  const known = new Map<string, ReadonlyMap<string, readonly string[]>>()
  const namesIn = (folder: string) => {
    const names = known.get(folder) ?? listed(folder)
    known.set(folder, names)
    return names
  }
  return (path) => {
    let made: Folder | undefined = top
    let folders = roots
    for (const [depth, part] of path.split('/').entries()) {
      const isThere = (name: string) => made?.has(name) || folders.some((folder) => namesIn(folder).has(name))
      if (depth > 0 && PARTS.every(isThere)) return true
      const name = canonicalName(part)
      made = made?.get(name)
      folders = folders.flatMap((folder) => (namesIn(folder).get(name) ?? []).map((one) => join(folder, one)))
    }
    return false
  }
}

/** Canonical names of what is in a folder. */
type Folder = Map<string, Folder>

function add(path: RepoPath, top: Folder): void {
  let folder = top
  for (const part of path.split('/')) {
    const name = canonicalName(part)
    const below = folder.get(name) ?? new Map()
    folder.set(name, below)
    folder = below
  }
}

/** Canonical name -> names of the folder. */
function listed(folder: string): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  try {
    for (const name of readdirSync(folder)) {
      const canonical = canonicalName(name)
      names.set(canonical, [...(names.get(canonical) ?? []), name])
    }
  } catch {
    // a file, or missing
  }
  return names
}

/**
 * Whether a file below the top folder is called HEAD, in any spelling. A bare repository needs one. Its other parts may come later, or lie
 * outside a sparse checkout.
 */
export function mayBeHead(path: RepoPath): boolean {
  const parts = path.split('/')
  return parts.length > 1 && canonicalName(parts.at(-1)!) === HEAD
}
