import { closeSync, existsSync, futimesSync, statSync } from 'node:fs'
import { openPrivate } from '../files/private-files.ts'
import { watchLockPath } from './lock.ts'

/** An empty file beside the database. Its modification time is when a command last changed the backlog. */
function notePath(db: string): string {
  return `${db}.watch.backlog`
}

/** Tells the daemon that the backlog has changed: no watched file changes with it. Does nothing without a daemon. */
export function noteBacklogChange(db: string, now = new Date()): void {
  if (!existsSync(watchLockPath(db))) return
  const fd = openPrivate(notePath(db), 'append')
  try {
    futimesSync(fd, now, now)
  } finally {
    closeSync(fd)
  }
}

/** When a command last changed the backlog, in milliseconds since 1970; 0: never. */
export function backlogChangedAt(db: string): number {
  return statSync(notePath(db), { throwIfNoEntry: false })?.mtimeMs ?? 0
}
