import { statSync } from 'node:fs'
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
