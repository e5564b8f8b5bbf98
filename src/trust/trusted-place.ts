import { lstatSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** A working tree, and git's own folder, which all working trees of a clone share. Absolute. */
export interface WorkingPlace {
  readonly root: string
  readonly commonDir: string
}

/**
 * The identity of a clone: the real path of git's own folder. Any folder can claim to belong to a clone by a '.git' file that names it. If
 * the clone has no record of that folder, the folder's path becomes part of the identity.
 */
export function trustedPlace({ root, commonDir }: WorkingPlace): string {
  const clone = realpathSync.native(commonDir)
  const top = realpathSync.native(root)
  return isOwnTree(top, clone) ? clone : `${clone} (${top})`
}

function isOwnTree(top: string, clone: string): boolean {
  const link = join(top, '.git')
  const stats = lstatSync(link, { throwIfNoEntry: false })
  if (stats?.isDirectory()) return realpathSync.native(link) === clone
  const own = readLine(link)?.replace(/^gitdir: /, '')
  if (own === undefined) return false
  // a linked working tree: git records its location in its own folder
  const folder = resolve(top, own)
  const back = readLine(join(folder, 'gitdir'))
  return realOf(dirname(dirname(folder))) === clone && back !== null && realOf(resolve(folder, back)) === realOf(link)
}

/** The one line of a small file; null: there is no such file. */
function readLine(path: string): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats?.isFile() && stats.size < 10_000 ? readFileSync(path, 'utf8').replace(/\r?\n$/, '') : null
}

function realOf(path: string): string | null {
  try {
    return realpathSync.native(path)
  } catch {
    return null
  }
}
