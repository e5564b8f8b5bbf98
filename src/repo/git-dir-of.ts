import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readRegularText } from '../files/read-regular.ts'
import { trimEndOf } from '../text/trim-end.ts'

/** Folder of a working tree's own HEAD and index. Reads `.git` if it is a file, as in a linked worktree. Throws if it is gone. */
export function gitDirOf(root: string): string {
  const path = join(root, '.git')
  if (statSync(path).isDirectory()) return path
  const text = readRegularText(path, { followLink: true })
  if (text === null) throw new Error(`${path} is neither a folder nor a file that names one`)
  return resolve(root, trimEndOf(text.replace(/^gitdir: ?/, ''), '\r\n')) // a name may end in a space
}

/**
 * Folder that all working trees of a repository share: objects, refs and settings are there. Asks no git. Without `.git`, `root` itself: a bare
 * repository, which benches read.
 */
export function commonDirOf(root: string): string {
  const own = existsSync(join(root, '.git')) ? gitDirOf(root) : root
  const shared = readRegularText(join(own, 'commondir'))
  return shared === null ? own : resolve(own, trimEndOf(shared, '\r\n'))
}
