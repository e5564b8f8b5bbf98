import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalName } from '../files/canonical-name.ts'
import type { RepoPath } from '../types.ts'

/**
 * Whether a path exists below `root` in any spelling that some file system takes for the same file. also: paths that count as existing.
 */
export function existsLike(root: string, also: readonly RepoPath[] = []): (path: RepoPath) => boolean {
  const known = new Map<string, readonly { readonly name: string; readonly canonical: string }[]>()
  const entriesOf = (folder: string) => {
    const entries = known.get(folder) ?? namesIn(folder).map((name) => ({ name, canonical: canonicalName(name) }))
    known.set(folder, entries)
    return entries
  }
  const others = new Set(also.flatMap((path) => startsOf(path.split('/').map(canonicalName))))
  return (path) => {
    const parts = path.split('/').map(canonicalName)
    if (others.has(parts.join('/'))) return true
    let found = [root]
    for (const part of parts)
      found = found.flatMap((folder) =>
        entriesOf(folder)
          .filter(({ canonical }) => canonical === part)
          .map(({ name }) => join(folder, name)),
      )
    return found.length > 0
  }
}

/** A path and the folders around it. */
function startsOf(parts: readonly string[]): readonly string[] {
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // a file, or missing
  }
}
