import type { RepoPath } from '../types.ts'

const MAKE_ONE = ['HEAD', 'objects', 'refs']

/**
 * Whether a file lies in a folder below the top that git takes for a repository, since it has a HEAD, objects and refs: git then runs what
 * the settings in it name, also for the prompt of a shell that enters the folder.
 *
 * exists: whether a file or folder is there after the change.
 */
export function isInBareRepository(path: RepoPath, exists: (path: RepoPath) => boolean): boolean {
  const parts = path.split('/')
  return parts.some((_, depth) => {
    const folder = parts.slice(0, depth).join('/')
    return folder !== '' && MAKE_ONE.every((name) => exists(`${folder}/${name}`))
  })
}
