import { UserError } from '../../src/errors.ts'
import { takeProcessLock } from '../../src/processes/process-lock.ts'
import type { Db } from '../../src/store/db.ts'

/**
 * Makes this process the only one that runs a sleep pass on the database. Returns a function that releases the lock. The lock is a file
 * beside the database. A lock of a dead process is taken over. Throws UserError while another process runs a pass.
 */
export function takePassLock(db: Db): () => void {
  // a write transaction keeps other processes from the lock between the check and the change
  const taken = takeProcessLock(`${db.path}.sleep.lock`, (work) => db.transaction(work))
  if ('release' in taken) return taken.release
  throw new UserError(
    `another sleep pass is running (pid ${taken.holder.pid})`,
    'wait for it, or stop it: what it has saved is kept',
    { exitCode: 1 },
  )
}
