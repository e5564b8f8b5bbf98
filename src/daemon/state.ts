import { closeSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makePrivateFolder, openPrivate } from '../files/private-files.ts'
import { renameOver } from '../files/rename-over.ts'
import type { Decision, LastPass } from './idle.ts'
import type { How } from './watch-tree.ts'
import type { Money, Progress } from './work.ts'

/** What the daemon tells of itself: for `watch status`, and for other programs. Times are milliseconds since 1970. */
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
    /** From the start to the first event that would be heard. */
    readonly readyMs: number
  } | null
  /** Paths that change on a clock, and are left out. */
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

/** Replaces the file in one step: a reader sees the old state or the new one. Throws what the file system throws. */
export function saveState(db: string, state: WatchState): void {
  const path = statePath(db)
  makePrivateFolder(dirname(path))
  rmSync(`${path}.new`, { force: true }) // of a daemon that was killed
  const fd = openPrivate(`${path}.new`, 'new')
  try {
    writeFileSync(fd, `${JSON.stringify(state)}\n`)
  } finally {
    closeSync(fd)
  }
  renameOver(`${path}.new`, path)
}
