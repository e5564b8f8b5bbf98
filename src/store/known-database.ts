import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { stateFolder } from '../config/user-folder.ts'
import { readRegularText } from '../files/read-regular.ts'
import { writeOwnFile } from '../files/write-own-file.ts'

// A database is known if this user's repose made or checked it at this place. A file beside it holds a random mark, and the user's state folder
// has a file that is named by the mark and holds the place, and when the mark was put there. So nothing in an archive is known, whatever marks it
// brings, even if the state folder came with it. Where one of the two files cannot be written, the database is known only to this process.

const MARK = /^[0-9a-f]{32}\n$/
const MOST_KNOWN = 1000 // databases; the oldest ones are forgotten, and checked once more
const here = new Set<string>()

/** Whether the user's repose made or checked the database at this path. */
export function isKnown(path: string): boolean {
  const file = fileId(path)
  if (file !== null && here.has(file)) return true
  return (
    ifAny(() => {
      const mark = readRegularText(markPath(path)) ?? ''
      return MARK.test(mark) && readRegularText(entryPath(mark.trim())) === entryOf(path)
    }) === true
  )
}

/** Makes the database at this path, which exists, known. */
export function makeKnown(path: string): void {
  makeKnownHere(path)
  ifAny(() => {
    const mark = randomBytes(16).toString('hex') // a new one: others may know the mark that came with the database
    const entry = entryPath(mark)
    mkdirSync(dirname(entry), { recursive: true, mode: 0o700 })
    writeOwnFile(markPath(path), `${mark}\n`)
    writeOwnFile(entry, entryOf(path))
    forgetOldest(dirname(entry))
  })
}

/** Makes it known only to this process. */
export function makeKnownHere(path: string): void {
  const file = fileId(path)
  if (file !== null) here.add(file)
}

const markPath = (path: string) => `${path}-mark`
const entryPath = (mark: string) => join(stateFolder(), 'databases', mark)

function entryOf(path: string): string {
  const { ino, ctimeNs } = lstatSync(markPath(path), { bigint: true }) // no program that unpacks an archive can set them
  return `${join(realpathSync.native(dirname(path)), basename(path))}\n${ino} ${ctimeNs}\n`
}

/** Identity of a file; null: there is none. */
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
