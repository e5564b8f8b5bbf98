import { closeSync, existsSync, futimesSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { userFolder } from '../config/user-folder.ts'
import { openPrivate } from '../files/private-files.ts'
import { watchLockPath } from './lock.ts'

/** Beside the database; empty. Its time of change says when a command last changed the backlog. */
function markPath(db: string): string {
  return `${db}.watch.backlog`
}

/** Tells the daemon that the backlog has changed, which no watched file shows. Does nothing without a daemon. */
export function markBacklog(db: string, now = new Date()): void {
  if (!existsSync(watchLockPath(db))) return
  const fd = openPrivate(markPath(db), 'append')
  try {
    futimesSync(fd, now, now)
  } finally {
    closeSync(fd)
  }
}

/** When a command last changed the backlog; 0: never. */
export function backlogChangedAt(db: string): number {
  return statSync(markPath(db), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** When the user's own configuration and what is trusted last changed, in one text. */
export function settingsChangedAt(env: NodeJS.ProcessEnv = process.env): string {
  const changedAt = (name: string) => statSync(join(userFolder(env), name), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return ['config.json', 'trust.json'].map(changedAt).join(' ')
}
