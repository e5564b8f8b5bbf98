import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * What repose keeps is readable by its owner alone: files 0600, folders 0700, whatever the umask. In a folder that git shares with a group
 * (core.sharedRepository makes it setgid and writable for the group) files beside the database are 0660 and folders 02770: who is in that group can write hooks there anyway.
 * Windows has no such bits.
 */
const ALONE = 0o600
const WITH_GROUP = 0o660
const OTHERS = 0o077
const SHARED = 0o2020

/** Makes a folder and those above it that are missing. One that is there is corrected with all in it if it is ours: by default, if it is repose's in git's own folder. */
export function makePrivateFolder(folder: string, isOurs = isInGitFolder(folder)): void {
  for (const one of missingOf(folder)) {
    try {
      mkdirSync(one, { mode: 0o700 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue // another process was first
      throw error
    }
    if (hasModes) chmodSync(one, folderModeIn(dirname(one)))
  }
  if (isOurs) correctFolder(folder)
}

/** Opens a file of ours for writing, never through a symbolic link; it is made, or corrected, to be its owner's alone. Returns the descriptor. */
export function openPrivate(path: string, how: 'append' | 'new'): number {
  const only = how === 'new' ? constants.O_EXCL : constants.O_APPEND
  const fd = openSync(path, constants.O_CREAT | constants.O_WRONLY | only | (constants.O_NOFOLLOW ?? 0), ALONE)
  try {
    const { mode, uid } = fstatSync(fd)
    const wanted = fileModeIn(dirname(path))
    if (hasModes && isMine(uid) && (mode & 0o777) !== wanted) fchmodSync(fd, wanted)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** Makes the file of a database before SQLite does, or corrects it and those beside it: SQLite gives these the mode of the first. */
export function makePrivateDatabase(path: string): void {
  if (path === ':memory:') return
  try {
    closeSync(openPrivate(path, 'new'))
  } catch {
    // it is there, or SQLite will say what is wrong. By name: to close a descriptor of it would give up the locks that this process holds.
    for (const end of ['', '-wal', '-shm', '-journal']) correctFile(`${path}${end}`, fileModeIn(dirname(path)))
  }
}

const hasModes = process.platform !== 'win32'
const isMine = (uid: number) => uid === process.getuid?.()

function missingOf(folder: string): string[] {
  const missing: string[] = []
  for (let one = folder; !lstatSync(one, { throwIfNoEntry: false }) && dirname(one) !== one; one = dirname(one))
    missing.unshift(one)
  return missing
}

function isInGitFolder(folder: string): boolean {
  const has = (name: string) => lstatSync(join(dirname(folder), name), { throwIfNoEntry: false }) !== undefined
  return basename(folder) === 'repose' && has('HEAD') && has('objects')
}

function isShared(folder: string): boolean {
  return ((lstatSync(folder, { throwIfNoEntry: false })?.mode ?? 0) & SHARED) === SHARED
}

const folderModeIn = (parent: string) => (isShared(parent) ? 0o2770 : 0o700)
const fileModeIn = (folder: string) => (isShared(folder) ? WITH_GROUP : ALONE)

/** Of a folder that others could look into, all that is in it is corrected too. */
function correctFolder(folder: string): void {
  const wanted = folderModeIn(dirname(folder))
  if (!correct(folder, wanted, (stats) => stats.isDirectory())) return
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) correctFolder(path)
    else correctFile(path, fileModeIn(folder))
  }
}

function correctFile(path: string, wanted: number): void {
  correct(path, wanted, (stats) => stats.isFile())
}

/** Takes from a path what others than its owner may do with it beyond `wanted`. True if there was something. */
function correct(path: string, wanted: number, isKind: (stats: import('node:fs').Stats) => boolean): boolean {
  const stats = hasModes ? lstatSync(path, { throwIfNoEntry: false }) : undefined
  if (!stats || !isKind(stats) || !isMine(stats.uid)) return false
  const tooMuch = stats.mode & OTHERS & ~wanted
  if (tooMuch !== 0) chmodSync(path, stats.mode & 0o7777 & ~tooMuch)
  return tooMuch !== 0
}
