import { randomBytes } from 'node:crypto'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { UserError } from '../errors.ts'
import { renameOver } from './rename-over.ts'

/**
 * Replaces whatever exists at the path by a file that only the user can read. A link there is replaced, not followed. Readers see either
 * the old or the new file. Throws UserError if a folder is there.
 */
export function writeOwnFile(path: string, text: string): void {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' })
    chmodSync(fresh, 0o600) // the umask may have taken rights away from its owner
    renameOver(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    if ((error as NodeJS.ErrnoException).code === 'EISDIR')
      throw new UserError(
        `${path} is a folder, and repose keeps a file there`,
        'see what lies in it, and move it away',
        {
          cause: error,
        },
      )
    throw error
  }
}
