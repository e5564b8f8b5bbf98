import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Keeps a diff that could not be applied as `<git common dir>/repose/results/<time>.diff`, or beside temporary files where
 * that cannot be written (a full disk), readable by the user alone. Returns its absolute path.
 */
export async function keepDiff(commonDir: string, diff: string, now: Date = new Date()): Promise<string> {
  try {
    return await keepIn(join(commonDir, 'repose', 'results'), diff, now)
  } catch (error) {
    return mkdtemp(join(tmpdir(), 'repose-results-'))
      .then((folder) => keepIn(folder, diff, now))
      .catch(() => {
        throw error
      })
  }
}

async function keepIn(folder: string, diff: string, now: Date): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const time = now.toISOString().replace(/[:.]/g, '-')
  for (let count = 1; ; count++) {
    const path = join(folder, `${time}${count === 1 ? '' : `-${count}`}.diff`)
    try {
      await writeFile(path, diff, { mode: 0o600, flag: 'wx' })
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      await rm(path, { force: true }) // half of it is worse than none
      throw error
    }
  }
}
