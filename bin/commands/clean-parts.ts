import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { basename, dirname, join, parse } from 'node:path'
import { DEEPEST } from '../../src/files/private-files.ts'
import { count, plural } from '../format.ts'

// Files beside a database that belong to it: SQLite's own files, the past's, the locks, the daemon's state and log.
const OWN =
  /^(-wal|-shm|-journal|-mark|\.past(-wal|-shm|-journal|-mark|\.lock|\.files)?|\.sleep\.lock|\.watch\.(lock|backlog|json|json\.new|log(\.\d+)?))?$/
const OWN_OF_PAST = /^(-wal|-shm|-journal|-mark|\.lock|\.files)?$/

/** Files that are deleted together. text: a description with their size. */
export interface Part {
  readonly files: readonly string[]
  readonly text: string
}

/** A database and the files beside it. Empty if there is none. isPast: it is the cache of the past. */
export function databasePart(path: string, isPast: boolean): Part {
  const own = isPast ? OWN_OF_PAST : OWN
  const isOwn = (name: string) => name.startsWith(basename(path)) && own.test(name.slice(basename(path).length))
  const files = namesIn(dirname(path))
    .filter(isOwn)
    .map((name) => join(dirname(path), name))
  const content = isPast ? '' : ': facts, summaries, the backlog with its drafts, the ledger'
  return { files, text: `${path} (${sizeOf(files)})${content}` }
}

/**
 * Output of agents beside the database of a repository: transcripts of their runs, and results that were not applied. Also what was fetched of
 * the store of a team.
 */
export function runParts(commonDir: string): Part[] {
  const kinds = [
    ['transcripts', '.jsonl', 'transcript'],
    ['results', '.diff', 'kept result'],
  ] as const
  const cache = join(commonDir, 'repose', 'store')
  const isCached = lstatSync(cache, { throwIfNoEntry: false })?.isDirectory() === true
  const fetched = isCached ? [{ files: [cache], text: `what was fetched of the store (${sizeOf([cache])})` }] : []
  const runs = kinds.flatMap(([name, end, noun]) => {
    const folder = join(commonDir, 'repose', name)
    const isFolder = lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true // not through a link
    const all = isFolder ? namesIn(folder) : []
    const names = all.filter((one) => one.endsWith(end) || (end === '.diff' && isRecord(one, all)))
    const files = names.map((one) => join(folder, one))
    const many = new Set(names.map((one) => parse(one).name)).size
    return files.length === 0 ? [] : [{ files, text: `${plural(many, noun)} (${sizeOf(files)})` }]
  })
  return [...runs, ...fetched]
}

/** The record of a kept result, which holds the contents that undo would restore; also one whose diff is gone. */
function isRecord(name: string, all: readonly string[]): boolean {
  const { name: id, ext } = parse(name)
  return ext === '.json' && (all.includes(`${id}.diff`) || /^\d{4}-\d\d-\d\dT[\d-]+Z$/.test(id))
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

function sizeOf(files: readonly string[]): string {
  return `${count(Math.ceil(files.reduce((sum, file) => sum + bytesOf(file), 0) / 1000))} kB`
}

function bytesOf(path: string, depth = 0): number {
  const stats = lstatSync(path)
  if (!stats.isDirectory()) return stats.size
  if (depth === DEEPEST) return 0
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name), depth + 1), 0)
}
