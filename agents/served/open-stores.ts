import { copyDb, type DbCopy } from '../../src/store/db-copy.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { requireSound } from '../../src/store/sound-database.ts'

export interface Stores {
  readonly writer: Store
  readonly reader: Store
  readonly copy: DbCopy | null
}

/** Two connections to a database, or to a copy of it if it cannot be written. */
export async function openStores(path: string): Promise<Stores> {
  try {
    await requireSound(path)
    return { ...openBoth(path), copy: null }
  } catch (error) {
    if (!isReadOnly(error)) throw error
    const copy = await copyDb(path)
    try {
      return { ...openBoth(copy.path), copy }
    } catch (cause) {
      copy.remove()
      throw cause
    }
  }
}

function openBoth(path: string) {
  const writer = openStore(path)
  try {
    writer.db.transaction(() => {}) // a read-only database opens without an error
  } catch (error) {
    if (!isBusy(error)) {
      writer.close()
      throw error
    }
  }
  return { writer, reader: openStore(path) }
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return code ?? cause?.code ?? ''
}

/** Whether another process is writing the database. */
export function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY')
}

function isReadOnly(error: unknown): boolean {
  return /^(EACCES|EROFS|EPERM|SQLITE_(READONLY|CANTOPEN|PERM))/.test(codeOf(error))
}
