import { readdirSync, readFileSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { type Holder, isRunning, processAt } from '../../processes/process-lock.ts'
import type { CageKeeper } from './cage.ts'
import { processesBelow } from './processes-below.ts'

export interface CageLimits {
  readonly memoryBytes: number
  /** Processes and threads. */
  readonly tasks: number
  /** In-memory folders of the cage, by their paths inside it. */
  readonly inMemory: readonly string[]
  /** Folder on a disk that must not fill up, and the space that must stay free there. */
  readonly disk: string
  readonly free: Free
}

/** Bytes of memory for checks: three quarters of this machine's memory, or of this container's limit. */
export function memoryFor(memoryMb: number | undefined): number {
  if (memoryMb !== undefined) return memoryMb * 2 ** 20
  const most = process.constrainedMemory() ?? 0
  return Math.floor((most > 0 ? Math.min(most, totalmem()) : totalmem()) * 0.75)
}

interface Free {
  readonly bytes: number
  /** Free inodes; 0 if the file system does not count them. */
  readonly files: number
}

const MUCH: Free = { bytes: 2 ** 30, files: 100_000 }

/** Space that must stay free on the disk of a folder: a gigabyte and a number of files, or half of the free space if that is less. */
export async function mustStayFree(folder: string): Promise<Free> {
  const { bytes, files } = await freeOn(folder)
  return { bytes: Math.min(MUCH.bytes, bytes / 2), files: Math.min(MUCH.files, files / 2) }
}

async function freeOn(folder: string): Promise<Free> {
  const { bavail, bsize, ffree } = await statfs(folder)
  return { bytes: bavail * bsize, files: ffree }
}

/**
 * Supervises the processes of a cage with its own process namespace. info: output of bubblewrap's --info-fd.
 *
 * It enforces limits by polling. Control groups need rights that a user rarely has. The per-process limit of address space ends programs
 * that reserve much and use little (Go's race detector, WebAssembly).
 */
export function keeperOf(info: Promise<string>, limits: CageLimits): CageKeeper {
  let first: Holder | null | undefined // its pid outside differs; undefined: not known yet, null: it has not started
  void info.then((text) => {
    const pid = Number(/"child-pid": (\d+)/.exec(text)?.[1])
    first = pid ? processAt(pid) : null
  })
  return {
    ask() {
      if (!first) return
      for (const pid of processesBelow(first.pid, limits.tasks)) signal(pid, 'SIGTERM')
    },
    kill() {
      if (!first || !isRunning(first)) return
      // Each by itself: the first one needs processor time to end the others, and they may use it all.
      for (const pid of [first.pid, ...processesBelow(first.pid)]) signal(pid, 'SIGKILL')
    },
    isGone() {
      if (first === null) return null
      return first !== undefined && !isRunning(first) // the first process of a namespace outlives all others
    },
    async excess() {
      const { bytes, files } = await freeOn(limits.disk)
      if (bytes < limits.free.bytes) return `less than ${gigabytes(limits.free.bytes)} are left on the disk`
      if (files < limits.free.files)
        return `fewer than ${Math.round(limits.free.files)} files can still be made on the disk`
      if (!first) return null
      const inside = `/proc/${first.pid}/root`
      if (isOutside(`${inside}/`)) return null
      const now = used(`${inside}/proc`, limits.tasks)
      if (now.tasks > limits.tasks) return `it has started more than ${limits.tasks} processes and threads`
      const inFiles = (await Promise.all(limits.inMemory.map((path) => usedBytes(inside + path)))).reduce(
        (a, b) => a + b,
      )
      const isTooMuch =
        inFiles + now.bytes > limits.memoryBytes && inFiles + exactBytes(`${inside}/proc`) > limits.memoryBytes
      return isTooMuch ? `it uses more than ${gigabytes(limits.memoryBytes)} of memory` : null
    },
  }
}

/** Whether bubblewrap still has this machine's root: then all processes and files of the machine would count. */
function isOutside(root: string): boolean {
  try {
    const [own, ours] = [statSync(root), statSync('/')]
    return own.dev === ours.dev && own.ino === ours.ino
  } catch {
    return true // it has ended
  }
}

/** Total use of the processes of a procfs. Shared pages count once per process; file pages do not count. */
function used(proc: string, mostTasks: number): { tasks: number; bytes: number } {
  const sum = { tasks: 0, bytes: 0 }
  for (const name of namesIn(proc)) {
    if (!/^\d+$/.test(name)) continue
    let status: string
    try {
      status = readFileSync(`${proc}/${name}/status`, 'latin1')
    } catch {
      continue // ended meanwhile
    }
    const number = (what: string) => Number(new RegExp(`^${what}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    sum.tasks += number('Threads')
    sum.bytes += number('RssAnon') * 1024
    if (sum.tasks > mostTasks) break
  }
  return sum
}

/** The same with each shared page counted once. Much slower. */
function exactBytes(proc: string): number {
  const kilobytes = namesIn(proc)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [...readFileSync(`${proc}/${name}/smaps_rollup`, 'latin1').matchAll(/^Pss_(?:Anon|Shmem): +(\d+)/gm)]
      } catch {
        return [] // ended meanwhile
      }
    })
  return kilobytes.reduce((sum, [, one]) => sum + Number(one) * 1024, 0)
}

async function usedBytes(path: string): Promise<number> {
  try {
    const { blocks, bfree, bsize } = await statfs(path)
    return (blocks - bfree) * bsize
  } catch {
    return 0 // missing (as yet)
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // ended
  }
}

function signal(pid: number, what: NodeJS.Signals): void {
  try {
    process.kill(pid, what)
  } catch {} // ended meanwhile
}

function gigabytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`
}
