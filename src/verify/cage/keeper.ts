import { readdirSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import type { Keeper } from './cage.ts'
import { processesBelow } from './processes-below.ts'

export interface Limits {
  readonly memoryBytes: number
  /** Processes and threads. */
  readonly tasks: number
  /** Folders in memory of the cage, by their paths in it. */
  readonly inMemory: readonly string[]
  /** Folder on a disk that must not be filled, and what must stay free there. */
  readonly disk: string
  readonly free: Free
}

/** Bytes of memory for the checks of this machine: three quarters of what there is, or of what this container may use. */
export function memoryFor(memoryMb: number | undefined): number {
  if (memoryMb !== undefined) return memoryMb * 2 ** 20
  const most = process.constrainedMemory() ?? 0
  return Math.floor((most > 0 ? Math.min(most, totalmem()) : totalmem()) * 0.75)
}

interface Free {
  readonly bytes: number
  /** Files that can still be made; 0 where the file system does not count them. */
  readonly files: number
}

const MUCH: Free = { bytes: 2 ** 30, files: 100_000 }

/** What must stay free on the disk of a folder: a gigabyte and so many files, or half of what is free where that is less. */
export async function mustStayFree(folder: string): Promise<Free> {
  const { bytes, files } = await freeOn(folder)
  return { bytes: Math.min(MUCH.bytes, bytes / 2), files: Math.min(MUCH.files, files / 2) }
}

async function freeOn(folder: string): Promise<Free> {
  const { bavail, bsize, ffree } = await statfs(folder)
  return { bytes: bavail * bsize, files: ffree }
}

/**
 * Looks after the processes of a cage with a process namespace of its own. told: what bubblewrap's --info-fd says.
 *
 * The limits are held by looking: control groups need rights that a user rarely has, and a limit of address space, which the
 * system offers each process, ends programs that reserve much and use little (Go's race detector, WebAssembly).
 */
export function keeperOf(told: Promise<string>, limits: Limits): Keeper {
  let first: number | null = null // outside its number is another one
  void told.then((text) => {
    first = Number(/"child-pid": (\d+)/.exec(text)?.[1]) || null
  })
  return {
    ask() {
      if (first === null) return
      for (const pid of processesBelow(first, limits.tasks)) signal(pid)
    },
    isGone() {
      if (first === null) return null
      try {
        // the first process of a namespace is over when all others are; dead, it may wait long to be collected
        return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${first}/status`, 'latin1'))
      } catch {
        return true
      }
    },
    async excess() {
      const { bytes, files } = await freeOn(limits.disk)
      if (bytes < limits.free.bytes) return `less than ${gigabytes(limits.free.bytes)} are left on the disk`
      if (files < limits.free.files)
        return `fewer than ${Math.round(limits.free.files)} files can still be made on the disk`
      if (first === null) return null
      const inside = `/proc/${first}/root`
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

/** What the processes of a procfs use together. Pages that several share count for each of them, those of files for none. */
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

/** The same, with each shared page once. It takes the system much longer. */
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
    return 0 // not there (yet)
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // over
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {} // gone meanwhile
}

function gigabytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`
}
