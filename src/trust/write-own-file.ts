import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { renameOver } from '../files/rename-over.ts'

/** Puts a file, the user's alone, in place of whatever is there: a link there is replaced, not followed. Readers see the old one or the new one. */
export function writeOwnFile(path: string, text: string): void {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' })
    renameOver(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}
