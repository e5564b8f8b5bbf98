import { canonicalName } from '../files/canonical-name.ts'
import type { RepoPath } from '../types.ts'

const PARTS = ['HEAD', 'objects', 'refs']

/**
 * Whether a file lies in a folder below the top that git takes for a bare repository, because it has HEAD, objects and refs. In such a folder
 * git runs programs that its settings name, even for a shell prompt that calls git.
 *
 * exists: whether a file or folder is there after the change.
 */
export function isInBareRepository(path: RepoPath, exists: (path: RepoPath) => boolean): boolean {
  const parts = path.split('/')
  return parts.some((_, depth) => {
    const folder = parts.slice(0, depth).join('/')
    return folder !== '' && PARTS.every((name) => exists(`${folder}/${name}`))
  })
}

/**
 * Whether a file is called HEAD, below the top folder. Without one there is no repository: its other parts may come later, or lie where this
 * tree has no files (a sparse checkout).
 */
export function mayBeHead(path: RepoPath): boolean {
  const parts = path.split('/')
  return parts.length > 1 && canonicalName(parts.at(-1)!) === canonicalName('HEAD')
}
