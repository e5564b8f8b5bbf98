import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'

/** Enough for any file of settings. */
export const MOST_SETTINGS = 1_000_000 // bytes
/** For source, which has a limit of its own in the configuration: what one text may be at all. */
export const MOST_TEXT = 256_000_000
export interface RegularOptions {
  /** A larger file is refused. Default: MOST_SETTINGS. */
  readonly maxBytes?: number
  /** Whether the path may be a symbolic link to a file. Only of what the user placed, never of what a repository brings. Default: no. */
  readonly followLink?: boolean
}

/** absent: nothing there, or nothing that can be reached. */
export type NotRegular = 'absent' | 'a symbolic link' | 'not a regular file' | 'too large' | 'not readable'

// On Windows there are neither.
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0, O_NOCTTY = 0 } = constants

/**
 * The bytes of a regular file, or why there are none to read. Nothing else is ever waited for or read: no pipe, device, socket or folder, and
 * no more than `maxBytes` of a file, even one that grows. Throws what the disk throws (EIO).
 */
export function readRegular(
  path: string,
  { maxBytes = MOST_SETTINGS, followLink = false }: RegularOptions = {},
): Buffer | NotRegular {
  let file: number
  try {
    const reason = reasonOf((followLink ? statSync : lstatSync)(path), maxBytes) // to open a device may do something
    if (reason) return reason
    file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | (followLink ? 0 : O_NOFOLLOW))
  } catch (error) {
    return whyNot(error as NodeJS.ErrnoException)
  }
  try {
    const stats = fstatSync(file) // it may be another one by now
    return reasonOf(stats, maxBytes) ?? readUpTo(file, stats.size, maxBytes)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 'not a regular file' // some of /proc wait like a pipe
    throw error
  } finally {
    closeSync(file)
  }
}

/** As readRegular(), as text without a byte order mark; null in place of a reason. */
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
    case 'ERR_INVALID_ARG_VALUE': // a NUL in the path
      return 'absent'
    case 'ELOOP':
    case 'EMLINK': // FreeBSD
      return 'a symbolic link'
    case 'ENXIO': // a socket, or a device without its driver
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

/** The size may be a lie (/proc says 0), and may change: one byte more than expected is asked for until there is none. */
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
