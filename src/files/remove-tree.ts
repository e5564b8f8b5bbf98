import { execFile } from 'node:child_process'
import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

// Characters of a path. Linux allows 4,096, macOS 1,024.
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
 * Lets this user read, write and enter a folder and all its subfolders. Subfolders too deep for a path are removed by the system's own
 * programs, which descend step by step.
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
