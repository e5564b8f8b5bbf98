import { closeSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makePrivateFolder, openPrivate } from '../files/private-files.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'

/**
 * Stores a diff that could not be applied as `<git common dir>/repose/results/<time>.diff`. If that cannot be written (a full disk), it
 * goes into a new temporary folder. Only the user can read it. Returns its absolute path.
 */
export async function keepDiff(commonDir: string, diff: string, now: Date = new Date()): Promise<string> {
  try {
    return await keepIn(join(commonDir, 'repose', 'results'), diff, now)
  } catch (error) {
    const aside = async () => keepIn(await mkdtemp(join(temporaryFolder(), 'repose-results-')), diff, now)
    return aside().catch(() => {
      throw error
    })
  }
}

async function keepIn(folder: string, diff: string, now: Date): Promise<string> {
  makePrivateFolder(folder, true)
  const time = now.toISOString().replace(/[:.]/g, '-')
  for (let count = 1; ; count++) {
    const path = join(folder, `${time}${count === 1 ? '' : `-${count}`}.diff`)
    try {
      const fd = openPrivate(path, 'new')
      try {
        writeFileSync(fd, diff)
      } finally {
        closeSync(fd)
      }
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      await rm(path, { force: true }) // half a diff is worse than none
      throw error
    }
  }
}
