import { statSync } from 'node:fs'
import { gitDirOf } from './git-operation.ts'

/** Which folder a path leads to; another one after it was moved away and made anew, or mounted. null: it is not there, or not a repository. */
export function placeOf(root: string): string | null {
  try {
    const own = statSync(root)
    const git = statSync(gitDirOf(root))
    return `${own.dev}:${own.ino}:${git.dev}:${git.ino}`
  } catch {
    return null // deleted, moved, unmounted or not readable: for the daemon all the same
  }
}
