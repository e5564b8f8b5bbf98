import { statSync } from 'node:fs'
import { join } from 'node:path'
import { gitDirOf } from '../repo/git-dir-of.ts'

/** The git operation in progress. */
export interface Operation {
  /** 'git command': a short command that holds the index. */
  readonly name: 'git command' | 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect'
  /** Milliseconds since 1970. */
  readonly since: number
}

/** Names in git's folder that appear and disappear with an operation. */
const MARKS: readonly (readonly [name: string, operation: Operation['name']])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
]
export const OPERATION_FILES: ReadonlySet<string> = new Set(MARKS.map(([name]) => name))
const LEFT_BEHIND_MS = 10 * 60_000 // no command holds the index for so long: it was killed

/**
 * The operation in progress in a working tree; null if there is none, or if the tree is gone. A few stat calls. root: its top folder.
 */
export function gitOperation(root: string, now: number): Operation | null {
  const gitDir = gitDirIfAny(root)
  if (gitDir === null) return null
  for (const [file, name] of MARKS) {
    const since = modified(join(gitDir, file))
    if (since !== null) return { name, since }
  }
  const lock = modified(join(gitDir, 'index.lock'))
  return lock !== null && now - lock < LEFT_BEHIND_MS ? { name: 'git command', since: lock } : null
}

/** A lock that a killed git command left, to report it; milliseconds since 1970 or null. */
export function leftBehindLock(root: string, now: number): number | null {
  const gitDir = gitDirIfAny(root)
  const lock = gitDir === null ? null : modified(join(gitDir, 'index.lock'))
  return lock !== null && now - lock >= LEFT_BEHIND_MS ? lock : null
}

function gitDirIfAny(root: string): string | null {
  try {
    return gitDirOf(root)
  } catch {
    return null // just deleted: the check of the place reports it
  }
}

function modified(path: string): number | null {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null
  } catch {
    return null // a file system that fails briefly: the check of the place reports it
  }
}
