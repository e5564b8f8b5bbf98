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
import { UserError } from '../errors.ts'

/**
 * Files of repose are readable only by their owner: files 0600, folders 0700, whatever the umask. Exception: in a folder that git shares
 * with a group (core.sharedRepository makes it setgid and group-writable), the database files are 0660 and folders 02770, because members
 * of that group can write hooks there anyway. Windows has no such bits.
 */
const ALONE = 0o600
const WITH_GROUP = 0o660
const OTHERS = 0o077
const SHARED = 0o2020

/**
 * Makes a folder and its missing parents. If it exists and is ours, the modes of it and its content are corrected. Default for isOurs: it
 * is repose's folder inside git's own.
 */
export function makePrivateFolder(folder: string, isOurs = isInGitFolder(folder)): void {
  for (const one of missingOf(folder)) {
    try {
      mkdirSync(one, { mode: 0o700 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue // another process made it first
      throw error
    }
    if (hasModes) chmodSync(one, folderModeIn(dirname(one)))
  }
  if (isOurs) correctFolder(folder)
}

/**
 * Opens one of our files for writing, never through a symbolic link. The file is created, or its mode is corrected, so that only its owner
 * can read it. Returns the descriptor. Throws UserError if there is something else than a file.
 */
export function openPrivate(path: string, how: 'append' | 'new'): number {
  const only = how === 'new' ? constants.O_EXCL : constants.O_APPEND
  const fd = openAtOnce(path, constants.O_CREAT | constants.O_WRONLY | only)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw noFile(path)
    const { mode, uid } = stats
    const wanted = fileModeIn(dirname(path))
    if (hasModes && isMine(uid) && (mode & 0o777) !== wanted) fchmodSync(fd, wanted)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** Neither follows a link nor waits for a reader of a pipe. */
function openAtOnce(path: string, flags: number): number {
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_NOCTTY = 0 } = constants
  try {
    return openSync(path, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, ALONE)
  } catch (error) {
    if (/^(ELOOP|EMLINK|ENXIO|EISDIR)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw noFile(path, error)
    throw error
  }
}

const OF_DATABASE = ['', '-wal', '-shm', '-journal']

/** Throws UserError if a file of a database is a link, a pipe or a folder. */
export function requireDatabaseFiles(path: string): void {
  for (const end of OF_DATABASE) {
    const stats = lstatSync(`${path}${end}`, { throwIfNoEntry: false })
    if (stats && !stats.isFile()) throw noFile(`${path}${end}`)
  }
}

function noFile(path: string, cause?: unknown): UserError {
  const fix = 'see what it is and delete it, or name another database with --db FILE or REPOSE_DB'
  return new UserError(`${path} is not a regular file`, fix, { cause })
}

/**
 * Creates the database file before SQLite does, or corrects the modes of it and the files beside it. SQLite gives those the mode of the
 * database. Throws UserError if one of them is anything else than a file: SQLite would wait for a pipe without end, and through a link
 * create, for instance, a start file of the shell.
 */
export function makePrivateDatabase(path: string): void {
  if (path === ':memory:') return
  requireDatabaseFiles(path)
  try {
    closeSync(openPrivate(path, 'new'))
  } catch {
    // it exists, or SQLite will report the error. Use the name: closing a descriptor of it would release this process's locks.
    for (const end of OF_DATABASE) correctFile(`${path}${end}`, fileModeIn(dirname(path)))
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

/** Levels of repose's own folders that are looked at, more than it makes: an archive of others may hold more than a path can name. */
export const DEEPEST = 20

/** If others could read the folder, its content is corrected too. */
function correctFolder(folder: string, depth = 0): void {
  if (depth > DEEPEST) return // corrected folders above shut others out
  const wanted = folderModeIn(dirname(folder))
  if (!correct(folder, wanted, (stats) => stats.isDirectory())) return
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) correctFolder(path, depth + 1)
    else correctFile(path, fileModeIn(folder))
  }
}

function correctFile(path: string, wanted: number): void {
  correct(path, wanted, (stats) => stats.isFile())
}

/** Removes permissions of others beyond `wanted`. Returns true if there were any. */
function correct(path: string, wanted: number, isKind: (stats: import('node:fs').Stats) => boolean): boolean {
  const stats = hasModes ? lstatSync(path, { throwIfNoEntry: false }) : undefined
  if (!stats || !isKind(stats) || !isMine(stats.uid)) return false
  const tooMuch = stats.mode & OTHERS & ~wanted
  if (tooMuch !== 0) chmodSync(path, stats.mode & 0o7777 & ~tooMuch)
  return tooMuch !== 0
}
