import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { realPath } from './mount.ts'

/** What programs need, whatever its mode. */
const NEEDED = /^\/etc\/(passwd|group|hosts|hostname|resolv\.conf|nsswitch\.conf)$/

export interface NotForAllOptions {
  /** Folders that are shown whatever their mode: toolchains. They are not looked into. Called with paths below the folder's name. */
  readonly isKept?: (path: string) => boolean
  /** Files and folders looked at, from the top down. */
  readonly most?: number
  /** Whether the folders after these are found, too. */
  readonly hidesRest?: boolean
  /** Levels of folders looked into. */
  readonly levels?: number
}

const MOST_FOUND = 1000 // each is a mount of its own

/**
 * Files and folders below a folder of the system that not everybody may read. Checks run as this user, who may be root, own them, or be in
 * a group that may read them. If the folder is a link (/opt is one on some systems), their paths are below what it leads to:
 * nothing can be mounted through a link.
 */
export function notForAll(
  top: string,
  { isKept = () => false, most = 20_000, hidesRest = true, levels = Infinity }: NotForAllOptions = {},
): readonly string[] {
  const found: string[] = []
  const real = realPath(top) ?? top
  const named = (path: string) => top + path.slice(real.length)
  const folders = [{ path: real, level: 1 }]
  let looked = 0
  for (let next = 0; next < folders.length; next++) {
    const { path: at, level } = folders[next]!
    if (looked > most) {
      if (!hidesRest) break
      found.push(at)
      continue
    }
    for (const one of entriesOf(at)) {
      const path = join(at, one.name)
      if (one.isSymbolicLink() || NEEDED.test(named(path)) || isKept(named(path))) continue
      const stats = lstatSync(path, { throwIfNoEntry: false })
      if (!stats) continue
      looked++
      const isFolder = stats.isDirectory()
      if ((stats.mode & (isFolder ? 0o001 : 0o004)) === 0) found.push(path)
      else if (isFolder && level < levels) folders.push({ path, level: level + 1 })
    }
  }
  return found.length > MOST_FOUND
    ? [...new Set(found.map((path) => dirname(path)))].filter((path) => path !== real)
    : found
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return [] // it cannot be read by this user, nor by a check
  }
}
