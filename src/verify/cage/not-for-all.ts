import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What programs need, whatever its mode. */
const NEEDED = /^\/etc\/(passwd|group|hosts|hostname|resolv\.conf|nsswitch\.conf)$/
const MOST = 20_000 // files looked at; folders after these are hidden

/**
 * Files and folders below a folder of the system that not everybody may read. This user may be root, or in a group that may, and checks
 * would run as this user.
 */
export function notForAll(folder: string): readonly string[] {
  const found: string[] = []
  const folders = [folder]
  for (let looked = 0; folders.length > 0; ) {
    const at = folders.pop()!
    if (looked > MOST) found.push(at)
    for (const name of looked > MOST ? [] : namesIn(at)) {
      const path = join(at, name)
      const stats = lstatSync(path, { throwIfNoEntry: false })
      if (!stats || stats.isSymbolicLink() || NEEDED.test(path)) continue
      looked++
      if ((stats.mode & (stats.isDirectory() ? 0o001 : 0o004)) === 0) found.push(path)
      else if (stats.isDirectory()) folders.push(path)
    }
  }
  return found
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // it cannot be read by this user, nor by a check
  }
}
