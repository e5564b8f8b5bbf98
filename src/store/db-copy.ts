import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { requireDatabaseFiles } from '../files/private-files.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { asUserError } from './db-errors.ts'

/**
 * Runs work on a copy of a database in a temporary folder. The database and the files beside it stay the same, byte for
 * byte: SQLite would leave -wal and -shm files beside a database that is only read. Throws UserError if there is no
 * space for the copy, or if a file of it is a pipe, a folder or a link.
 */
export function withDbCopy<T>(path: string, work: (copy: string) => T): T {
  requireDatabaseFiles(path)
  const folder = mkdtempSync(join(temporaryFolder(), 'repose-copy-'))
  const copy = join(folder, basename(path))
  try {
    try {
      for (const end of ['', '-wal']) if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, `${copy}${end}`)
    } catch (error) {
      throw asUserError(error, path)
    }
    return work(copy)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
