import { execFile } from 'node:child_process'
import { chmod, lstat, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { entriesOf } from './entries-of.ts'

// Length of a path. Linux allows 4,096, macOS 1,024.
const DEEP = process.platform === 'linux' ? 3000 : 800

/**
 * Removes a folder and its content, also if a program removed its own permissions or nested folders too deep for a path. Does not follow
 * links.
 */
export async function removeTree(folder: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3 }
  try {
    await rm(folder, options)
  } catch (error) {
    if (!/^(EACCES|EPERM|ENOTEMPTY|ENAMETOOLONG)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error
    await makeReachable(folder)
    await rm(folder, options)
  }
}

/**
 * Lets this user read, write and enter a folder and all its subfolders, whatever bytes their names have. Subfolders too deep for a path are
 * removed by the system's own programs, which descend step by step.
 */
export async function makeReachable(folder: string | Buffer): Promise<void> {
  const stats = await lstat(folder)
  if (!stats.isDirectory()) return
  if ((stats.mode & 0o700) !== 0o700) await chmod(folder, stats.mode | 0o700)
  for (const { path, entry } of await entriesOf(folder)) {
    if (!entry.isDirectory()) continue
    if (path.length < DEEP) await makeReachable(path)
    else if (typeof path !== 'string')
      await promisify(execFile)('/bin/sh', ['-c', REMOVE, 'sh', inOctal(path)], OF_SYSTEM)
  }
}

// the user's PATH may name a folder of a repository before those of the system ('./bin')
const OF_SYSTEM = { cwd: '/', env: { PATH: '/usr/bin:/bin' } }
const REMOVE = 'printf "$1" | xargs -0 chmod -R u+rwX; printf "$1" | xargs -0 rm -rf'

/** For printf: Node passes arguments as UTF-8. */
function inOctal(path: Buffer): string {
  return path.reduce((octal, byte) => `${octal}\\${byte.toString(8).padStart(3, '0')}`, '')
}
