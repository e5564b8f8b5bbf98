import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { UserError } from '../../src/errors.ts'
import type { Db } from '../../src/store/db.ts'

interface Holder {
  readonly pid: number
  /** When that process began, so that another one with its number later is told apart; null where the system does not say. */
  readonly startedAt: string | null
}

/**
 * Makes this process the only one that runs a sleep pass on the database. Returns what gives it up again.
 * The lock is a file beside the database; one whose process is gone is taken over. Throws UserError while another runs.
 */
export function takePassLock(db: Db): () => void {
  const path = `${db.path}.sleep.lock`
  const own: Holder = { pid: process.pid, startedAt: startOf(process.pid) }
  // within a write transaction no other process looks at the lock between our look and our step
  db.transaction(() => {
    const holder = read(path)
    if (holder && isRunning(holder)) {
      throw new UserError(
        `another sleep pass is running (pid ${holder.pid})`,
        'wait for it, or stop it: what it has saved is kept',
        { exitCode: 1 },
      )
    }
    rmSync(path, { force: true })
    writeFileSync(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 })
  })
  return () => rmSync(path, { force: true })
}

function read(path: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : null
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null // none, or its writer was killed while it wrote
    throw error
  }
}

function isRunning({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false // EPERM: it runs, as another user
  }
  const now = startOf(pid)
  return startedAt === null || now === null || startedAt === now
}

/** When a process began, in the system's own words; null where it cannot be asked. */
function startOf(pid: number): string | null {
  try {
    // field 22 of stat; the name in field 2 may hold spaces and brackets
    if (process.platform === 'linux')
      return (
        readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')[19] ?? null
      )
    if (process.platform === 'win32') return null
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' } }).trim() ||
      null
    )
  } catch {
    return null // gone meanwhile, or no such tool: the number alone decides
  }
}
