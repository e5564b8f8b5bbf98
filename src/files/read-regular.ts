import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'

/** Enough for any file of settings. */
export const MOST_SETTINGS = 1_000_000 // bytes
/** Upper bound for any text. Source files have their own limit in the configuration. */
export const MOST_TEXT = 256_000_000
export interface RegularOptions {
  /** Larger files are refused. Default: MOST_SETTINGS. */
  readonly maxBytes?: number
  /**
   * Whether the path may be a symbolic link to a file. Set it only for files that the user placed, never for files of a repository.
   * Default: false.
   */
  readonly followLink?: boolean
}

/** absent: nothing exists there, or it cannot be reached. */
export type NotRegular = 'absent' | 'a symbolic link' | 'not a regular file' | 'too large' | 'not readable'

// Windows has none of the last three.
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0, O_NOCTTY = 0 } = constants

/**
 * The bytes of a regular file, or why it cannot be read. Never reads or waits for anything else (pipes, devices, sockets, folders), and
 * never reads more than `maxBytes`, even if the file grows. Throws disk errors (EIO).
 */
export function readRegular(
  path: string,
  { maxBytes = MOST_SETTINGS, followLink = false }: RegularOptions = {},
): Buffer | NotRegular {
  let file: number
  try {
    const reason = reasonOf((followLink ? statSync : lstatSync)(path), maxBytes) // opening a device may have side effects
    if (reason) return reason
    file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | (followLink ? 0 : O_NOFOLLOW))
  } catch (error) {
    return whyNot(error as NodeJS.ErrnoException)
  }
  try {
    const stats = fstatSync(file) // the file may have been replaced meanwhile
    return reasonOf(stats, maxBytes) ?? readUpTo(file, stats.size, maxBytes)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 'not a regular file' // some files of /proc block like a pipe
    throw error
  } finally {
    closeSync(file)
  }
}

/** Like readRegular(), but returns text without a byte order mark, and null instead of a reason. */
export function readRegularText(path: string, options?: RegularOptions): string | null {
  const read = readRegular(path, options)
  return typeof read === 'string' ? null : read.toString('utf8').replace(/^\uFEFF/, '')
}

function reasonOf(stats: Stats, maxBytes: number): NotRegular | null {
  if (stats.isSymbolicLink()) return 'a symbolic link'
  if (!stats.isFile()) return 'not a regular file'
  return stats.size > maxBytes ? 'too large' : null
}

function whyNot(error: NodeJS.ErrnoException): NotRegular {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ERR_INVALID_ARG_VALUE': // the path contains a NUL
      return 'absent'
    case 'ELOOP':
    case 'EMLINK': // FreeBSD
      return 'a symbolic link'
    case 'ENXIO': // a socket, or a device without a driver
    case 'ENODEV':
    case 'EOPNOTSUPP':
      return 'not a regular file'
    case 'EACCES':
    case 'EPERM':
      return 'not readable'
    default:
      throw error
  }
}

/** The size may be wrong (/proc reports 0) or change, so one byte more than expected is requested until the file ends. */
function readUpTo(file: number, size: number, maxBytes: number): Buffer | 'too large' {
  let buffer = Buffer.allocUnsafe(size + 1)
  let length = 0
  for (;;) {
    if (length === buffer.length) {
      if (length > maxBytes) return 'too large'
      buffer = Buffer.concat([buffer], Math.min(2 * buffer.length, maxBytes) + 1)
    }
    const read = readSync(file, buffer, length, buffer.length - length, null)
    if (read === 0) break
    length += read
  }
  return length > maxBytes ? 'too large' : buffer.subarray(0, length)
}
