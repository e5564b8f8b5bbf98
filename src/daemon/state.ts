import { closeSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makePrivateFolder, openPrivate } from '../files/private-files.ts'
import { renameOver } from '../files/rename-over.ts'
import type { Decision, LastPass } from './idle.ts'
import type { How } from './watch-tree.ts'
import type { Money, Progress } from './work.ts'

/** The daemon's published state, for `watch status` and for other programs. Times are milliseconds since 1970. */
export interface WatchState extends Decision {
  readonly pid: number
  readonly root: string
  readonly startedAt: number
  readonly writtenAt: number
  /** Other working trees that the same process watches. */
  readonly alongside: readonly string[]
  readonly watching: {
    readonly how: How
    readonly why: string
    readonly files: number
    /** Watches of the system. */
    readonly watches: number
    /** From the start until events are received. */
    readonly readyMs: number
  } | null
  /** Paths that change periodically, and are ignored. */
  readonly heartbeats: readonly { readonly path: string; readonly everyMs: number }[]
  readonly facts: { readonly at: number; readonly files: number; readonly ms: number } | null
  readonly thinking: (Progress & { readonly grade: 'short' | 'long'; readonly since: number }) | null
  readonly lastPass: LastPass | null
  readonly money: Money | null
  /** Resident memory of the daemon itself, MB. */
  readonly memoryMb: number
}

/** Beside the database. */
export function statePath(db: string): string {
  return `${db}.watch.json`
}

/** Replaces the file atomically: a reader sees the old state or the new one. Throws the file system's errors. */
export function saveState(db: string, state: WatchState): void {
  const path = statePath(db)
  makePrivateFolder(dirname(path))
  rmSync(`${path}.new`, { force: true }) // left by a killed daemon
  const fd = openPrivate(`${path}.new`, 'new')
  try {
    writeFileSync(fd, `${JSON.stringify(state)}\n`)
  } finally {
    closeSync(fd)
  }
  renameOver(`${path}.new`, path)
}
