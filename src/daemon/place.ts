import { statSync } from 'node:fs'
import { gitDirOf } from '../repo/git-dir-of.ts'

/**
 * Identity of the folder at a path. It changes if the folder was moved and recreated, or another one mounted. null: missing, or not a
 * repository.
 */
export function placeOf(root: string): string | null {
  try {
    const own = statSync(root)
    const git = statSync(gitDirOf(root))
    return `${own.dev}:${own.ino}:${git.dev}:${git.ino}`
  } catch {
    return null // deleted, moved, unmounted or unreadable: the same for the daemon
  }
}
