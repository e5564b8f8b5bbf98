import { realpath } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { isGitFolder } from '../files/canonical-name.ts'
import type { RepoPath } from '../types.ts'

/**
 * Whether a recorded path, with the links of its folders resolved, is in the repository and outside git's own folder. Valid only until a
 * folder of it changes.
 */
export async function isWithin(root: string, path: RepoPath): Promise<boolean> {
  if (path.includes('\0') || path.split('/').some((part) => ['', '.', '..'].includes(part) || isGitFolder(part)))
    return false
  for (let folder = dirname(join(root, path)); ; folder = dirname(folder)) {
    const real = await realpath(folder).catch(() => null)
    if (real === null) continue // it does not exist any more
    const inside = relative(await realpath(root), real)
    return inside !== '..' && !inside.startsWith(`..${sep}`) && !isGitFolder(inside.split(sep)[0]!)
  }
}
