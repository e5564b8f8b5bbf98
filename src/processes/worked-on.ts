import { lstatSync, readlinkSync } from 'node:fs'
import { dirname, join, parse } from 'node:path'

// Device and inode -> path. Links and systems that ignore case give a folder several paths; the inode of a removed folder is used again.
const folders = new Map<string, string>()
const judged = new Map<string, boolean>()
/** What lookAt() has read, by path: judged paths have many parent folders in common. */
const looks = new Map<string, Look>()

interface Look {
  /** Device and inode. */
  readonly id: string
  /** Where a link leads. */
  readonly link: string | undefined
}

/** From now on, repose starts none of its own programs from this folder: a commit could bring them. false: it was known, or is absent. */
export function workOn(folder: string): boolean {
  const id = readLook(folder)?.id
  if (id === undefined || folders.get(id) === folder) return false
  folders.set(id, folder)
  judged.clear()
  looks.clear()
  return true
}

/**
 * Whether an absolute path leads into or through a folder that this process works on. A commit may replace or bring what lies there, also a
 * link that leads out again. The answer is remembered for each path: only links of the user could change it.
 */
export function isOfWork(path: string): boolean {
  const known = judged.get(path)
  if (known !== undefined) return known
  const leads = folders.size > 0 && leadsThrough(path)
  judged.set(path, leads)
  return leads
}

const MOST_LINKS = 40 // as Linux

function leadsThrough(path: string): boolean {
  let links = 0
  let at = parse(path).root
  let isWithin = isFolder(at)
  const rest = partsOf(path.slice(at.length)).reverse()
  while (rest.length > 0) {
    const part = rest.pop()!
    if (part === '..') {
      at = dirname(at)
      isWithin = isFolder(at)
      continue
    }
    if (isWithin) return true
    const next = join(at, part)
    const link = lookAt(next)?.link
    if (link === undefined) {
      at = next
      isWithin = isFolder(at)
      continue
    }
    links++
    if (links > MOST_LINKS) return true // it leads nowhere
    const { root } = parse(link)
    if (root) {
      at = root
      isWithin = isFolder(at)
    }
    rest.push(...partsOf(link.slice(root.length)).reverse())
  }
  return isWithin
}

function partsOf(path: string): string[] {
  return path.split(process.platform === 'win32' ? /[\\/]/ : '/').filter((part) => part !== '' && part !== '.')
}

function isFolder(path: string): boolean {
  const id = lookAt(path)?.id
  const folder = id === undefined ? undefined : folders.get(id)
  return folder !== undefined && readLook(folder)?.id === id
}

function lookAt(path: string): Look | null {
  const look = looks.get(path) ?? readLook(path)
  if (look) looks.set(path, look)
  return look
}

function readLook(path: string): Look | null {
  try {
    const stats = lstatSync(path, { bigint: true })
    return { id: `${stats.dev}:${stats.ino}`, link: stats.isSymbolicLink() ? readlinkSync(path) : undefined }
  } catch {
    return null // it is not there
  }
}
