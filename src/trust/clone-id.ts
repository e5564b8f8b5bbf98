import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeOwnFile } from './write-own-file.ts'

const FORM = /^[0-9a-f]{32}\n$/

/**
 * A random word that tells one clone from another at the same path. It stands in the folder that git keeps for itself, so that no clone
 * brings it, and is made with the first trust. null: there is none, or what is there is none.
 */
export function cloneId(commonDir: string): string | null {
  const path = idFile(commonDir)
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats?.isFile() || stats.size > 100) return null
  const id = readFileSync(path, 'utf8')
  return FORM.test(id) ? id.trim() : null
}

/** Makes a new one, in place of one that is there. */
export function freshCloneId(commonDir: string): string {
  const id = randomBytes(16).toString('hex')
  mkdirSync(join(commonDir, 'repose'), { recursive: true, mode: 0o700 })
  writeOwnFile(idFile(commonDir), `${id}\n`)
  return id
}

function idFile(commonDir: string): string {
  return join(commonDir, 'repose', 'clone-id')
}
