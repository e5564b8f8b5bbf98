import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { noSpace, UserError } from '../errors.ts'

/** How long a process waits for another one that writes, in milliseconds. */
export const BUSY_MS = 5000

/**
 * Converts an error of SQLite or the file system about a database to a message that the user can act on. Returns other
 * errors unchanged. where: path of the database; null: not known, so that only errors of SQLite, which have it, are converted.
 */
export function asUserError(error: unknown, where: string | null): unknown {
  if (error instanceof UserError) return error
  const { code: given, database } = error as { code?: unknown; database?: string }
  const code = typeof given === 'string' ? given : '' // that of a DOMException is a number
  const path = database ?? where
  const name = path === null ? 'the database' : `the database ${path}`
  if (isDamage(error))
    return new UserError(`${name} is damaged, or not one of repose`, `if it is repose's, ${fixOfDamage(path)}`, {
      cause: error,
    })
  if (/^(?:SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC)$/.test(code))
    return noSpace(code === 'ENOSPC' ? 'on the disk' : `for ${name}`, error)
  if (code.startsWith('SQLITE_BUSY'))
    return new UserError(
      `another process has been writing ${name} for ${BUSY_MS / 1000} s`,
      'try again when it has finished',
      { exitCode: 1, cause: error },
    )
  const used = path === null ? null : inUse(error, path)
  if (used) return used
  const isOfFile = path !== null && /^(EACCES|EROFS|ENOTDIR|EEXIST)/.test(code)
  if (isOfFile || /^SQLITE_(READONLY|CANTOPEN|PERM|IOERR)/.test(code)) {
    const what = isOfFile ? `the folder of the database, ${dirname(path)},` : name
    return new UserError(
      `${what} cannot be written (${code === 'EROFS' ? 'EROFS: the file system is read-only' : code})`,
      'check the folder, or name another file with --db FILE or REPOSE_DB',
      { cause: error },
    )
  }
  return error
}

/** Whether SQLite reports that the file is damaged or is no database. path: only for this database. */
export function isDamage(error: unknown, path?: string): boolean {
  const { code, database, cause } = error as { code?: string; database?: string; cause?: unknown }
  if (cause instanceof Database.SqliteError) return isDamage(cause, path)
  const isOfSchema = code === 'SQLITE_ERROR' && OF_SCHEMA.test((error as Error).message)
  const isOfFile = isOfSchema || /^SQLITE_(NOTADB|CORRUPT|CONSTRAINT(?!_TRIGGER)|MISMATCH)/.test(code ?? '')
  return isOfFile && (path === undefined || path === database)
}

// repose keeps every constraint of its own tables. These errors show that somebody else changed the tables: some are
// missing, or those below the full text hold something else, or the schema is newer than its version.
const OF_SCHEMA =
  /fts5|^unsupported file format|^vtable constructor failed|^no such (table|column): |^(duplicate column name|table .* already exists)/

/** path: null where it is not known. */
export function fixOfDamage(path: string | null): string {
  const then = path?.endsWith('.past') // facts at past commits, a cache
    ? 'and it is made anew'
    : 'and repose index makes a new one (summaries are then written again)'
  return `repose clean --yes${path === null ? '' : ` --db ${path}`} deletes it ${then}`
}

/**
 * Converts the file system's error for a database that another process has open: Windows then neither replaces nor removes
 * it. null: another error.
 */
export function inUse(error: unknown, path: string, platform: NodeJS.Platform = process.platform): UserError | null {
  const { code } = error as { code?: string }
  if (code !== 'EBUSY' && (code !== 'EPERM' || platform !== 'win32')) return null
  return new UserError(
    `the database ${path} is in use by another process (${code})`,
    'close what has it open (a daemon: repose watch stop), then try again',
    { exitCode: 1, cause: error },
  )
}

/** The database was written by a newer version of repose. */
export class NewerDatabase extends UserError {}

export function newerDatabase(path: string): NewerDatabase {
  return new NewerDatabase(
    `the database ${path} was written by a newer version of repose`,
    `upgrade repose (a daemon that ran before the upgrade: repose watch stop, then start it again), or start anew with repose clean --yes --db ${path} (summaries are then written again)`,
  )
}
