import { lstat, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { isGitFolder } from '../files/canonical-name.ts'
import type { RepoPath } from '../types.ts'

/**
 * Whether a recorded path is in the repository and outside git's own folder, and none of its folders is a link, not even one that leads to
 * another folder of the repository: git keeps no file below a link. Valid only until a folder of it changes.
 */
export async function isWithin(root: string, path: RepoPath): Promise<boolean> {
  const parts = path.split('/')
  if (path.includes('\0') || parts.some((part) => ['', '.', '..'].includes(part) || isGitFolder(part))) return false
  try {
    let folder = root
    for (const part of parts.slice(0, -1)) {
      const stats = await lstat(join(folder, part)).catch(absent)
      if (stats === null) break // it does not exist any more
      if (stats.isSymbolicLink()) return false
      folder = join(folder, part)
    }
    // a name that the file system takes for another one shows only in the real path
    const inside = relative(await realpath(root), await realpath(folder)).split(sep)
    return inside[0] !== '..' && !inside.some(isGitFolder)
  } catch {
    return false // it cannot be looked at
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (/^(ENOENT|ENOTDIR)$/.test(error.code ?? '')) return null
  throw error
}
