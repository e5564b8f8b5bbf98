import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '../errors.ts'
import { readRegular } from '../files/read-regular.ts'
import { renameOver } from '../files/rename-over.ts'
import { hasBlock, withBlock, withoutBlock } from './fenced-block.ts'

const NEW = '#!/bin/sh\n'
const MADE = '# made by repose hook install\n'
const SHELL = /^#![^\n]*\b(sh|bash|dash|ash|ksh|zsh)\b/
const MOST_BYTES = 1_000_000

/** The text of a hook with one character per byte, so that it can be written back exactly. null: no hook. Throws UserError if unreadable. */
export function readHook(path: string): string | null {
  const read = readRegular(path, { maxBytes: MOST_BYTES })
  if (read === 'absent') return null
  if (typeof read === 'string')
    throw new UserError(`${path} is ${read}`, 'it stays as it is: call repose check from it', { exitCode: 1 })
  return read.toString('latin1')
}

/** Adds our lines to the hook, or creates it. Throws UserError if the hook is not a shell script, or is not executable. */
export function installHook(path: string, lines: readonly string[], line: string): 'installed' | 'known' {
  requireFolder(dirname(path))
  const before = readHook(path)
  if (before !== null && !SHELL.test(before))
    throw new UserError(`${path} is not a shell script`, `it stays as it is: call ${line} from it`, { exitCode: 1 })
  if (before !== null && !isExecutable(path))
    throw new UserError(
      `${path} is not executable, so git does not run it`,
      'make it so (chmod +x), or delete it, and install again',
      { exitCode: 1 },
    )
  const after = withBlock(
    before ?? NEW + MADE,
    lines.map((one) => Buffer.from(one).toString('latin1')),
  )
  if (after === before) return 'known'
  write(path, after, before === null ? 0o755 : statSync(path).mode)
  return 'installed'
}

/** Removes our lines from the hook, which then has its earlier bytes. A hook that we created is deleted. */
export function uninstallHook(path: string): 'uninstalled' | 'not installed' {
  requireFolder(dirname(path))
  const text = existsSync(path) || isLink(path) ? readHook(path) : null
  if (text === null || !hasBlock(text)) return 'not installed'
  const before = withoutBlock(text)
  if (before === NEW + MADE) rmSync(path)
  else write(path, before, statSync(path).mode)
  return 'uninstalled'
}

/** A link may have come with an archive, and leads to another repository's hooks, or anywhere. Throws UserError. */
function requireFolder(folder: string): void {
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  if (stats && !stats.isDirectory())
    throw new UserError(
      `${folder} is ${stats.isSymbolicLink() ? 'a symbolic link' : 'not a folder'}`,
      'it stays as it is: call repose check --staged from the hook that git runs',
      { exitCode: 1 },
    )
}

function write(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true })
  const next = `${path}.repose-${process.pid}`
  try {
    writeFileSync(next, Buffer.from(text, 'latin1'), { flag: 'wx' })
    chmodSync(next, mode & 0o7777)
    renameOver(next, path)
  } finally {
    rmSync(next, { force: true })
  }
}

function isExecutable(path: string): boolean {
  return process.platform === 'win32' || (statSync(path).mode & 0o111) !== 0
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}
