import { createHash, randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { stateFolder } from '../config/user-folder.ts'
import { readRegularText } from '../files/read-regular.ts'
import { writeOwnFile } from '../files/write-own-file.ts'

// A database is known if this user's repose made or checked it at this place. A random mark lies in a file beside it, and the user's state
// folder has, for the place, the mark that it must be. So nothing that an archive brings is known, whatever marks it holds. Where one of the
// two files cannot be written, a database is known to this process alone.

const MARK = /^[0-9a-f]{32}(?=\n)/
const MOST_BYTES = 10_000 // a mark, and a path for the user to read
const MOST_KNOWN = 1000 // databases; the oldest ones are forgotten, and checked once more
const here = new Set<string>()

/** Whether the user's repose made or checked the database at this path. */
export function isKnown(path: string): boolean {
  const file = fileId(path)
  if (file !== null && here.has(file)) return true
  const mark = readMark(markPath(path))
  return mark !== null && mark === readMark(ifAny(() => entryPath(path)))
}

/** Makes the database at this path, which exists, known. */
export function makeKnown(path: string): void {
  makeKnownHere(path)
  ifAny(() => {
    const entry = entryPath(path)
    const mark = randomBytes(16).toString('hex') // a new one: others may know the mark that came with the database
    mkdirSync(dirname(entry), { recursive: true, mode: 0o700 })
    writeOwnFile(markPath(path), `${mark}\n`)
    writeOwnFile(entry, `${mark}\n${path}\n`)
    forgetOldest(dirname(entry))
  })
}

/** Makes it known to this process alone. */
export function makeKnownHere(path: string): void {
  const file = fileId(path)
  if (file !== null) here.add(file)
}

/** The file with the mark of a database. */
const markPath = (path: string) => `${path}-mark`

function entryPath(path: string): string {
  const place = join(realpathSync.native(dirname(path)), basename(path))
  return join(stateFolder(), 'databases', createHash('sha256').update(place).digest('hex').slice(0, 32))
}

function readMark(path: string | null): string | null {
  const text = path === null ? null : ifAny(() => readRegularText(path, { maxBytes: MOST_BYTES }))
  return MARK.exec(text ?? '')?.[0] ?? null
}

function fileId(path: string): string | null {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return stats ? `${stats.dev}:${stats.ino}:${stats.birthtimeNs}` : null
}

function forgetOldest(folder: string): void {
  const names = readdirSync(folder)
  if (names.length <= MOST_KNOWN) return
  const dated = names.map((name) => ({
    name,
    at: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }))
  dated.sort((one, other) => other.at - one.at)
  for (const { name } of dated.slice(MOST_KNOWN / 2)) rmSync(join(folder, name), { force: true })
}

/** What work returns; null where the file system refuses: no home, read-only, full. */
function ifAny<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}
