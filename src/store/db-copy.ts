import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { makePrivateDatabase, requireDatabaseFiles } from '../files/private-files.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { asUserError } from './db-errors.ts'
import { isKnown, makeKnownHere } from './known-database.ts'
import { isEmpty, isOfAnother, requireSoundCopy } from './sound-database.ts'

/** A copy of a database in a temporary folder. */
export interface DbCopy {
  readonly path: string
  remove(): void
}

/**
 * Copies a database and its -wal file into a temporary folder: SQLite leaves -wal and -shm files even beside a database that it only reads.
 * If there is no database, the copy is an empty file. Throws UserError if there is no space for it, if a file of it is a pipe,
 * a folder or a link, or if it is not sound.
 */
export async function copyDb(path: string, signal?: AbortSignal): Promise<DbCopy> {
  const copy = copyFiles(path)
  try {
    if (!isEmpty(copy.path) && !isKnown(path)) await requireSoundCopy(copy.path, { name: path, signal })
    makePrivateDatabase(copy.path)
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

const FILES = ['', '-wal']
const MOST_TRIES = 5

function stateOf(path: string): string {
  const stats = FILES.map((end) => statSync(path + end, { bigint: true, throwIfNoEntry: false }))
  return stats.map((one) => `${one?.ino} ${one?.size} ${one?.mtimeNs}`).join()
}

function copyFiles(path: string): DbCopy {
  requireDatabaseFiles(path)
  const folder = mkdtempSync(join(temporaryFolder(), 'repose-copy-'))
  const copy = join(folder, basename(path))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    // again if another process writes meanwhile: a checkpoint moves pages from one file to the other
    for (let tries = 0, state = ''; tries < MOST_TRIES && state !== stateOf(path); tries++) {
      state = stateOf(path)
      rmSync(`${copy}-wal`, { force: true })
      for (const end of FILES) if (existsSync(path + end)) copyFileSync(path + end, copy + end)
    }
    return { path: copy, remove }
  } catch (error) {
    remove()
    throw asUserError(error, path)
  }
}
