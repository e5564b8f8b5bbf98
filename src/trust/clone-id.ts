import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeOwnFile } from '../files/write-own-file.ts'

const FORM = /^[0-9a-f]{32}\n$/

/**
 * A random id that distinguishes clones at the same path. It is stored in git's own folder, so cloning does not copy it, and is created
 * with the first trust. null: missing or invalid.
 */
export function cloneId(commonDir: string): string | null {
  const path = idFile(commonDir)
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats?.isFile() || stats.size > 100) return null
  const id = readFileSync(path, 'utf8')
  return FORM.test(id) ? id.trim() : null
}

/** Creates a new id and replaces an existing one. */
export function freshCloneId(commonDir: string): string {
  const id = randomBytes(16).toString('hex')
  mkdirSync(join(commonDir, 'repose'), { recursive: true, mode: 0o700 })
  writeOwnFile(idFile(commonDir), `${id}\n`)
  return id
}

function idFile(commonDir: string): string {
  return join(commonDir, 'repose', 'clone-id')
}
