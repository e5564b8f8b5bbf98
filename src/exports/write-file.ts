import { randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { UserError } from '../errors.ts'
import { readRegular } from '../files/read-regular.ts'
import { renameOver } from '../files/rename-over.ts'
import { requireNoLink } from '../files/require-no-link.ts'

const MOST_BYTES = 10_000_000

/**
 * Replaces or creates a file of the repository, whole or not at all, and keeps its mode. make: gets the present text (null: there is no
 * file) and returns the new one. Throws UserError for a path outside of the repository, for a link in its place or on the way to it, for a
 * folder, and for a file that is not text.
 */
export function writeFileIn(
  root: string,
  given: string,
  make: (before: string | null) => string,
): 'written' | 'unchanged' {
  requireNoLink(root, given)
  const path = placeIn(root, given)
  const before = readText(path)
  const text = make(before)
  if (text === before) return 'unchanged'
  replaceFile(path, text)
  return 'written'
}

/** Writes beside the file, then puts the new one in its place. */
export function replaceFile(path: string, text: string): void {
  const mode = lstatSync(path, { throwIfNoEntry: false })?.mode
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(fresh, text, { flag: 'wx' })
    if (mode !== undefined) chmodSync(fresh, mode & 0o7777)
    renameOver(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

/** The text of a file; null: there is none. Throws UserError if it is something else. */
export function readText(path: string): string | null {
  const read = readRegular(path, { maxBytes: MOST_BYTES })
  if (read === 'absent') return null
  if (typeof read === 'string')
    throw new UserError(
      `${path} is ${read}`,
      read === 'a symbolic link' ? 'name the file that it leads to' : 'name another file',
    )
  const text = read.toString('utf8')
  if (!Buffer.from(text).equals(read)) throw new UserError(`${path} is not text in UTF-8`, 'name another file')
  return text
}

function placeIn(root: string, given: string): string {
  const path = resolve(given)
  const folder = dirname(path)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`there is no folder ${folder}`, 'make it first, or name another file')
  const real = join(realpathSync(folder), basename(path))
  const within = relative(realpathSync(root), real)
  if (within === '..' || within.startsWith(`..${sep}`) || resolve(within) === within || within.split(sep)[0] === '.git')
    throw new UserError(
      `${given} is not a file of the repository`,
      'name one in it, or leave --write out and send the output there',
    )
  return real
}
