import { execFileSync } from 'node:child_process'
import { closeSync, rmSync, writeFileSync } from 'node:fs'
import { openPrivate } from '../files/private-files.ts'
import { readRegularText } from '../files/read-regular.ts'
import { parseJson } from '../text/parse-json.ts'

export interface Holder {
  readonly pid: number
  /** When that process began, so that another one with its number later is told apart; null where the system does not say. */
  readonly startedAt: string | null
}

/**
 * A lock that lasts as long as its process: a file that says who holds it. Survives kill -9 and a number that is given out again.
 *
 * exclusively: runs work while no other process can be in here, for instance within a write transaction.
 * Returns what gives the lock up, or who holds it.
 */
export function takeProcessLock(
  path: string,
  exclusively: <T>(work: () => T) => T,
): { readonly release: () => void } | { readonly holder: Holder } {
  const own = thisProcess()
  return exclusively(() => {
    const holder = lockHolder(path)
    if (holder) return { holder }
    rmSync(path, { force: true })
    const fd = openPrivate(path, 'new')
    try {
      writeFileSync(fd, JSON.stringify(own))
    } finally {
      closeSync(fd)
    }
    return {
      release() {
        if (read(path)?.pid === process.pid) rmSync(path, { force: true }) // not one that others have taken since
      },
    }
  })
}

export function thisProcess(): Holder {
  return { pid: process.pid, startedAt: startOf(process.pid) }
}

/** Who holds the lock; null when nobody does, or its process is gone. */
export function lockHolder(path: string): Holder | null {
  const holder = read(path)
  return holder && isRunning(holder) ? holder : null
}

/** null: there is none, or its writer was killed while it wrote, or it holds something else. */
function read(path: string): Holder | null {
  try {
    const holder = parseJson(readRegularText(path) ?? 'null') as Partial<Holder> | null
    const { pid, startedAt } = holder ?? {}
    const isHolder = isPid(pid) && (startedAt === null || typeof startedAt === 'string')
    return isHolder ? { pid, startedAt } : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** process.kill() takes 0 and less for groups of processes, and throws at what is no number of a process. */
function isPid(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31
}

/** Whether the very process that took the lock still runs: not another one with its number, nor one that nobody has buried. */
export function isRunning({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false // EPERM: it runs, as another user
  }
  const now = startOf(pid)
  if (now === DEAD) return false
  return startedAt === null || now === null || startedAt === now
}

const DEAD = 'dead'
const PS_MS = 500

/** When a process began, in the system's own words; DEAD when it has ended and its parent has not asked; null where it cannot be asked. */
function startOf(pid: number): string | null {
  try {
    // field 22 of stat, and the state in field 3; the name in field 2 may hold spaces and brackets
    if (process.platform === 'linux') {
      const fields = (readRegularText(`/proc/${pid}/stat`) ?? '').replace(/^.*\) /s, '').split(' ')
      return fields[0] === 'Z' ? DEAD : (fields[19] ?? null)
    }
    if (process.platform === 'win32') return null
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        env: { LC_ALL: 'C' },
        timeout: PS_MS,
      }).trim() || null
    )
  } catch {
    return null // gone meanwhile, or no such tool: the number alone decides
  }
}
