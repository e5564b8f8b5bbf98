import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { requireDatabaseFiles } from '../files/private-files.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { asUserError } from './db-errors.ts'

/** A copy of a database in a temporary folder. */
export interface DbCopy {
  readonly path: string
  remove(): void
}

/**
 * Copies a database and what SQLite keeps beside it into a temporary folder; the copy is missing if the database is. Throws UserError if
 * there is no space for it, or if a file of it is a pipe, a folder or a link.
 */
export function copyDb(path: string): DbCopy {
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

/**
 * Runs work on a copy of a database in a temporary folder. The database and the files beside it stay the same, byte for
 * byte: SQLite would leave -wal and -shm files beside a database that is only read. Throws UserError if there is no
 * space for the copy, or if a file of it is a pipe, a folder or a link.
 */
export function withDbCopy<T>(path: string, work: (copy: string) => T): T {
  const copy = copyDb(path)
  try {
    return work(copy.path)
  } finally {
    copy.remove()
  }
}
