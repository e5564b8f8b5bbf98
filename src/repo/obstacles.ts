import { lstatSync, readdirSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import type { RepoPath } from '../types.ts'

/**
 * Filters paths of files to be created: returns those where an existing file would be lost or is in the way. In the way are a file, a link
 * or a folder that is not empty at the path itself, and anything but a folder above it. Files that git ignores count,
 * and so does another repository in which the path would lie.
 *
 * isKnown: paths that may exist because they are tracked or will be deleted first. Looks at the file system as it is now.
 */
export function obstacles(
  root: string,
  paths: readonly RepoPath[],
  isKnown: (path: RepoPath) => boolean,
): readonly RepoPath[] {
  return paths.filter((path) => {
    const parts = path.split('/')
    for (let depth = 1; depth < parts.length; depth++) {
      const above = parts.slice(0, depth).join('/')
      const stats = statOf(root, above)
      if (stats === null || (!stats.isDirectory() && isKnown(above))) return false // nothing can be below
      if (!stats.isDirectory() || statOf(root, `${above}/.git`) !== null) return true
    }
    const stats = statOf(root, path)
    if (stats === null || isKnown(path)) return false
    return !stats.isDirectory() || !isEmptied(root, path, isKnown)
  })
}

/** null: nothing is there, also where a model wrote a name that no file can have. */
function statOf(root: string, path: RepoPath): Stats | null {
  try {
    return lstatSync(join(root, path), { throwIfNoEntry: false }) ?? null
  } catch (error) {
    if (/^(ENAMETOOLONG|ERR_INVALID_ARG_VALUE|EINVAL)$/.test((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

/** Whether a folder is empty, or everything in it will be deleted. */
function isEmptied(root: string, folder: RepoPath, isKnown: (path: RepoPath) => boolean): boolean {
  return readdirSync(join(root, folder), { withFileTypes: true }).every((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory()
      ? readdirSync(join(root, path)).length > 0 && isEmptied(root, path, isKnown)
      : isKnown(path)
  })
}
