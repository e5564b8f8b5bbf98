import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { isGitFolder } from '../files/canonical-name.ts'
import { MOST_TEXT, readRegularText } from '../files/read-regular.ts'
import { requireNoLink } from '../files/require-no-link.ts'
import { parseJson } from '../text/parse-json.ts'
import { MANIFEST } from './repository-facts.ts'
import { readText, replaceFile } from './write-file.ts'

export interface WrittenFolder {
  readonly written: readonly string[]
  readonly removed: readonly string[]
  readonly unchanged: number
}

/** Digests of the files that exports wrote here; several for one that an interrupted export was about to write. */
type Manifest = ReadonlyMap<string, readonly string[]>

/**
 * Writes the files of an export into a folder, and removes those of an earlier export that are not among them. A file that was edited since,
 * or that no export wrote, is not removed, and is overwritten only with `force`. Follows no link in the folder, and none of the repository on
 * the way to it. pages: texts by their path in the folder, with '/'. Throws UserError before anything is written.
 */
export function writeFolder(
  root: string,
  given: string,
  format: string,
  pages: ReadonlyMap<string, string>,
  force: boolean,
): WrittenFolder {
  requireNoLink(root, given)
  const folder = openFolder(resolve(given), given)
  const known = readManifest(folder)
  const isOurs = (path: string, text: string) => known.get(path)?.includes(digest(text)) ?? false
  const coming: string[] = []
  const strange: string[] = []
  for (const [path, text] of pages) {
    requireInside(folder, path)
    const before = readText(join(folder, path))
    if (before === text) continue
    if (before !== null && !isOurs(path, before)) strange.push(path)
    coming.push(path)
  }
  if (strange.length > 0 && !force)
    throw new UserError(
      `${strange.slice(0, 3).join(', ')}${strange.length > 3 ? ` and ${strange.length - 3} more` : ''} in ${given} ${strange.length === 1 ? 'was' : 'were'} not written by this export, or edited since`,
      'name another folder with --out, or overwrite with --force',
      { exitCode: 1 },
    )
  const removed = [...known.keys()].filter((path) => {
    if (pages.has(path) || !isPlainPath(path)) return false
    requireInside(folder, path)
    const text = readText(join(folder, path))
    return text !== null && isOurs(path, text)
  })
  const digests = new Map([...pages].map(([path, text]) => [path, [digest(text)]]))
  // first what may be here if this ends half way: the next export then knows each file as its own
  const both = new Map(
    [...known, ...digests].map(([path]) => [
      path,
      [...new Set([...(known.get(path) ?? []), ...(digests.get(path) ?? [])])],
    ]),
  )
  if (coming.length + removed.length > 0) writeManifest(folder, format, both)
  for (const path of coming) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    replaceFile(join(folder, path), pages.get(path)!)
  }
  for (const path of removed) {
    rmSync(join(folder, path))
    removeEmpty(folder, dirname(path))
  }
  writeManifest(folder, format, digests)
  return { written: coming, removed, unchanged: pages.size - coming.length }
}

function openFolder(folder: string, given: string): string {
  try {
    mkdirSync(folder, { recursive: true })
    return realpathSync(folder)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new UserError(`${given} is not a folder`, 'name another one with --out', { cause })
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      throw new UserError(`${given} cannot be written (${code})`, 'name another one with --out', { cause })
    throw cause
  }
}

/** Throws UserError if a folder on the way is a link or a file. */
function requireInside(folder: string, path: string): void {
  const parts = path.split('/')
  for (let i = 1; i < parts.length; i++) {
    const stats = lstatSync(join(folder, ...parts.slice(0, i)), { throwIfNoEntry: false })
    if (stats && !stats.isDirectory())
      throw new UserError(
        `${parts.slice(0, i).join('/')} in ${folder} is not a folder`,
        'move it away, or name another folder with --out',
      )
  }
}

function readManifest(folder: string): Manifest {
  try {
    const read = parseJson(readRegularText(join(folder, MANIFEST), { maxBytes: MOST_TEXT }) ?? '') as { files?: object }
    const files = Object.entries(read.files ?? {}).filter(
      (entry): entry is [string, string[]] => isPlainPath(entry[0]) && Array.isArray(entry[1]),
    )
    return new Map(files)
  } catch {
    return new Map() // none, or not ours: every file counts as somebody else's
  }
}

function writeManifest(folder: string, format: string, digests: Manifest): void {
  const files = Object.fromEntries([...digests].sort(([a], [b]) => (a < b ? -1 : 1)))
  const text = `${JSON.stringify({ writtenBy: `repose export ${format}`, files }, null, 1)}\n`
  if (readText(join(folder, MANIFEST)) !== text) replaceFile(join(folder, MANIFEST), text)
}

function removeEmpty(folder: string, path: string): void {
  for (let at = path; at !== '.' && at !== ''; at = dirname(at)) {
    if (readdirSync(join(folder, at)).length > 0) return
    rmdirSync(join(folder, at))
  }
}

/** Whether a path is relative, stays in its folder, and leads into no git folder there. */
function isPlainPath(path: string): boolean {
  if (path === '' || /^[/\\]|^[a-z]:|\\|\0/i.test(path)) return false
  return path.split('/').every((part) => !/^\.{0,2}$/.test(part) && !isGitFolder(part))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
