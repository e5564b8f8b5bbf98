import { lstatSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** A working tree, and the folder that git keeps for itself, which all working trees of a clone share. Absolute. */
export interface WorkingPlace {
  readonly root: string
  readonly commonDir: string
}

/**
 * What a clone is known by: the real path of the folder that git keeps for itself. Any folder can say that it belongs to a clone, by a '.git'
 * file that names it; where the clone does not know of it, the path of that folder is a part of what it is known by.
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
  // a linked working tree: git notes in its own folder where it is
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
