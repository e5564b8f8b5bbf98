import { UserError } from '../../src/errors.ts'
import { takeProcessLock } from '../../src/processes/process-lock.ts'
import type { Db } from '../../src/store/db.ts'

/**
 * Makes this process the only one that runs a sleep pass on the database. Returns what gives it up again.
 * The lock is a file beside the database; one whose process is gone is taken over. Throws UserError while another runs.
 */
export function takePassLock(db: Db): () => void {
  // within a write transaction no other process looks at the lock between our look and our step
  const taken = takeProcessLock(`${db.path}.sleep.lock`, (work) => db.transaction(work))
  if ('release' in taken) return taken.release
  throw new UserError(
    `another sleep pass is running (pid ${taken.holder.pid})`,
    'wait for it, or stop it: what it has saved is kept',
    { exitCode: 1 },
  )
}
