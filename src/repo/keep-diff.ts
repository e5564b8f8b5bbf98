import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Keeps a diff that could not be applied as `<git common dir>/repose/results/<time>.diff`, readable by the user alone.
 * Returns its absolute path.
 */
export async function keepDiff(commonDir: string, diff: string, now: Date = new Date()): Promise<string> {
  const folder = join(commonDir, 'repose', 'results')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const time = now.toISOString().replace(/[:.]/g, '-')
  for (let count = 1; ; count++) {
    const path = join(folder, `${time}${count === 1 ? '' : `-${count}`}.diff`)
    try {
      await writeFile(path, diff, { mode: 0o600, flag: 'wx' })
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
