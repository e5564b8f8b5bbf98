import { execFile } from 'node:child_process'
import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

// Characters of a path. Linux takes up to 4,096, macOS 1,024.
const DEEP = process.platform === 'linux' ? 3000 : 800

/** Removes a folder and all in it, also where a program took its own right to that away, or made it too deep to be named. Links are not followed. */
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
 * Lets this user read, write and enter a folder and all folders in it. Removes what is so deep in it that its path could not be told: the
 * system's own programs go down step by step, without a path.
 */
export async function makeReachable(folder: string): Promise<void> {
  const stats = await lstat(folder)
  if (!stats.isDirectory()) return
  if ((stats.mode & 0o700) !== 0o700) await chmod(folder, stats.mode | 0o700)
  for (const one of await readdir(folder, { withFileTypes: true })) {
    if (!one.isDirectory()) continue
    const path = join(folder, one.name)
    if (path.length < DEEP) await makeReachable(path)
    else if (process.platform !== 'win32')
      await promisify(execFile)('/bin/sh', ['-c', 'chmod -R u+rwX "$1"; rm -rf "$1"', 'sh', path])
  }
}
