import { execFileSync } from 'node:child_process'
import { closeSync, rmSync, writeFileSync } from 'node:fs'
import { openPrivate } from '../files/private-files.ts'
import { readRegularText } from '../files/read-regular.ts'
import { parseJson } from '../text/parse-json.ts'
import { processStat } from './process-stat.ts'

export interface Holder {
  readonly pid: number
  /** Start time of that process, which distinguishes it from a later process with the same pid; null if the system does not report it. */
  readonly startedAt: string | null
}

/**
 * A lock that lasts as long as its process: a file that names its holder. Survives kill -9 and a reused pid.
 *
 * exclusively: runs work while no other process can be in this section, for instance within a write transaction. Returns a function that
 * releases the lock, or the holder.
 */
export function takeProcessLock(
  path: string,
  exclusively: <T>(work: () => T) => T,
): { readonly release: () => void } | { readonly holder: Holder } {
  const own = thisProcess()
  return exclusively(() => {
    const holder = lockHolder(path)
    if (holder) return { holder }
    rmSync(path, { force: true, recursive: true }) // also a folder in its place
    const fd = openPrivate(path, 'new')
    try {
      writeFileSync(fd, JSON.stringify(own))
    } finally {
      closeSync(fd)
    }
    return {
      release() {
        if (read(path)?.pid === process.pid) rmSync(path, { force: true }) // do not remove a lock that another process took meanwhile
      },
    }
  })
}

export function thisProcess(): Holder {
  return processAt(process.pid)
}

/** The process with this pid now. */
export function processAt(pid: number): Holder {
  return { pid, startedAt: startOf(pid) }
}

/** The holder of the lock; null when there is none or its process has ended. */
export function lockHolder(path: string): Holder | null {
  const holder = read(path)
  return holder && isRunning(holder) ? holder : null
}

/** null: no file, a writer that was killed while writing, or other content. */
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

/** For process.kill(), 0 and negative numbers mean process groups, and it throws for values that are no pid. */
function isPid(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31
}

/** Whether the process that took the lock still runs. A zombie, or another process with the same pid, does not count. */
export function isRunning({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false // EPERM: it runs as another user
  }
  const now = startOf(pid)
  if (now === DEAD) return false
  return startedAt === null || now === null || startedAt === now
}

const DEAD = 'dead'
const PS_MS = 500

/** Start time of a process in the system's own format; DEAD for a zombie; null if it cannot be determined. */
function startOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const stat = processStat(pid)
      return stat?.isDead ? DEAD : (stat?.startedAt ?? null)
    }
    if (process.platform === 'win32') return null
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        cwd: '/', // PATH may have a relative entry
        encoding: 'utf8',
        env: { LC_ALL: 'C' },
        timeout: PS_MS,
      }).trim() || null
    )
  } catch {
    return null // it has ended, or the tool is missing: only the pid decides
  }
}
