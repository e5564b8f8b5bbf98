import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { requireDatabaseFiles } from '../files/private-files.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { asUserError } from './db-errors.ts'
import { isKnown, makeKnownHere } from './known-database.ts'
import { isOfAnother, requireSoundCopy } from './sound-database.ts'

/** A copy of a database in a temporary folder. */
export interface DbCopy {
  readonly path: string
  remove(): void
}

/**
 * Copies a database and what SQLite keeps beside it into a temporary folder, so that reading it changes neither: SQLite would leave -wal and
 * -shm files beside a database that is only read. The copy is missing if the database is. Throws UserError if there is no space for it, if a
 * file of it is a pipe, a folder or a link, or if it is not sound.
 */
export async function copyDb(path: string, signal?: AbortSignal): Promise<DbCopy> {
  const copy = copyFiles(path)
  try {
    if (existsSync(copy.path) && !isKnown(path)) await requireSoundCopy(copy.path, { name: path, signal })
    makeKnownHere(copy.path)
    return copy
  } catch (error) {
    copy.remove()
    throw error
  }
}

/** True if an existing file is a database of another program, or no database. Writes nothing. */
export async function isNotOurs(path: string, signal?: AbortSignal): Promise<boolean> {
  const copy = copyFiles(path)
  try {
    return await isOfAnother(copy.path, { name: path, signal })
  } finally {
    copy.remove()
  }
}

function copyFiles(path: string): DbCopy {
  requireDatabaseFiles(path)
  const folder = mkdtempSync(join(temporaryFolder(), 'repose-copy-'))
  const copy = join(folder, basename(path))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    for (const end of ['', '-wal']) if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, `${copy}${end}`)
    return { path: copy, remove }
  } catch (error) {
    remove()
    throw asUserError(error, path)
  }
}
