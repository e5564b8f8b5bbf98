import { type Holder, lockHolder, takeProcessLock } from '../processes/process-lock.ts'
import { openDb } from '../store/db.ts'

/** The lock of a repository's daemon: a file beside its database. */
export function watchLockPath(db: string): string {
  return `${db}.watch.lock`
}

/**
 * Makes this process the daemon of the repository with this database. Returns a function that releases the lock, or the present holder.
 * The database is open only during the call. Throws UserError if it cannot be written.
 */
export function takeWatchLock(db: string): { readonly release: () => void } | { readonly holder: Holder } {
  const door = openDb(db)
  try {
    return takeProcessLock(watchLockPath(db), (work) => door.transaction(work))
  } finally {
    door.close()
  }
}

/** The running daemon of a repository, or null. */
export function watchHolder(db: string): Holder | null {
  return lockHolder(watchLockPath(db))
}

/**
 * The lock of a running daemon. It checks that it still exists: it may be deleted with its database (`repose clean`) or with the
 * repository.
 */
export class KeptLock {
  readonly #db: string
  #release: () => void

  /** release: from takeWatchLock. */
  constructor(db: string, release: () => void) {
    this.#db = db
    this.#release = release
  }

  /** 'kept', 'retaken' after it was deleted, or its present holder. Throws if it cannot be written. */
  check(): 'kept' | 'retaken' | Holder {
    if (watchHolder(this.#db)?.pid === process.pid) return 'kept'
    const taken = takeWatchLock(this.#db)
    if ('holder' in taken) return taken.holder
    this.#release = taken.release
    return 'retaken'
  }

  release(): void {
    this.#release()
  }
}
