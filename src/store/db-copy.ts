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
 * Copies a database and its -wal file into a temporary folder: SQLite leaves -wal and -shm files even beside a database that it only reads.
 * If there is no database, there is no file at the path of the copy. Throws UserError if there is no space for it, if a file of it is a pipe,
 * a folder or a link, or if it is not sound.
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
