import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { MOST_TEXT, readRegularText } from '../files/read-regular.ts'
import { writeOwnFile } from '../files/write-own-file.ts'
import type { RepoPath } from '../types.ts'
import { keepDiff } from './keep-diff.ts'

/** Content at a path before a result was applied. */
export interface KeptContent {
  readonly kind: 'file' | 'link'
  /** Bytes of the file, or target of the link. */
  readonly base64: string
  readonly mode: number
}

export interface KeptFile {
  readonly path: RepoPath
  /** null: nothing was there. */
  readonly before: KeptContent | null
  /** Digest of the content after the result was applied; null: nothing. */
  readonly after: string | null
}

/** A result of an agent that was paid for: its diff and, once applied, the earlier contents. */
export interface KeptResult {
  /** '2026-11-29T10-20-30-123Z': when it was kept. A path: it is kept elsewhere (isAside). */
  readonly id: string
  /** Absolute path. */
  readonly diffPath: string
  /** Number of the request in the ledger; null: not known. */
  readonly run: number | null
  readonly request: string | null
  /** 'kept': not applied yet. 'committed': to a branch. */
  readonly state: 'kept' | 'applied' | 'undone' | 'committed'
  /** The working tree in which it was applied. */
  readonly root: string | null
  /** Last time; milliseconds since 1970. */
  readonly appliedAt: number | null
  readonly files: readonly KeptFile[]
}

const STATES: readonly string[] = ['kept', 'applied', 'undone', 'committed'] satisfies KeptResult['state'][]

/**
 * Stores a diff as `<git common dir>/repose/results/<time>.diff` with a record beside it (`<time>.json`). Only the user can read them.
 * If there is no room, the diff alone goes into a temporary folder, where only its path names it: `id` is that path. Throws if it cannot
 * be written there either.
 */
export async function keepResult(
  commonDir: string,
  { diff, run, request }: { readonly diff: string; readonly run: number | null; readonly request: string | null },
): Promise<KeptResult> {
  const diffPath = await keepDiff(commonDir, diff)
  if (dirname(diffPath) !== folderOf(commonDir)) return { ...unrecorded(diffPath), id: diffPath, request }
  const kept = { ...unrecorded(diffPath), run, request }
  await saveResult(kept)
  await forgetOld(commonDir)
  return kept
}

/** Whether a result is kept where neither listResults() nor undo finds it. */
export function isAside({ id }: KeptResult): boolean {
  return isAbsolute(id)
}

function folderOf(commonDir: string): string {
  return join(commonDir, 'repose', 'results')
}

const MOST_DONE = 50

/** Deletes the oldest results that were applied or committed. */
async function forgetOld(commonDir: string): Promise<void> {
  const done = (await listResults(commonDir)).filter(({ state }) => state !== 'kept')
  for (const { diffPath } of done.slice(MOST_DONE))
    for (const path of [diffPath, recordOf(diffPath)]) await rm(path, { force: true })
}

/** Writes the record of a result atomically. */
export async function saveResult({ id: _, diffPath, ...record }: KeptResult): Promise<void> {
  writeOwnFile(recordOf(diffPath), `${JSON.stringify(record)}\n`)
}

/** repose gives no other names. In a shell's completion, another name could run a command. */
const ID_OF_DIFF = /^\w[\w-]*\.diff$/

/** Every kept result, newest first. A diff without a readable record is a result too. */
export async function listResults(commonDir: string): Promise<KeptResult[]> {
  const folder = folderOf(commonDir)
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  const ids = names.filter((name) => ID_OF_DIFF.test(name)).map((name) => basename(name, '.diff'))
  const newestFirst = ids.sort().reverse()
  return Promise.all(newestFirst.map((id) => readResult(join(folder, `${id}.diff`))))
}

/** Finds a result by its run's number in the ledger, or by a unique beginning of its id, longer than the year. null: none. */
export async function findResult(commonDir: string, name: string): Promise<KeptResult | null> {
  const results = await listResults(commonDir)
  const ofRun = results.find(({ run }) => run !== null && String(run) === name)
  if (ofRun) return ofRun
  if (/^\d{0,4}$/.test(name)) return null // the number of a run without a result, or only a year
  const alike = results.filter(({ id }) => id.startsWith(name))
  return alike.find(({ id }) => id === name) ?? (alike.length === 1 ? alike[0]! : null)
}

async function readResult(diffPath: string): Promise<KeptResult> {
  const none = unrecorded(diffPath)
  const text = readRegularText(recordOf(diffPath), { maxBytes: MOST_TEXT })
  try {
    return text === null ? none : { ...none, ...checked(JSON.parse(text)) }
  } catch {
    return none // a truncated or foreign record: the diff is what was paid for
  }
}

function unrecorded(diffPath: string): KeptResult {
  const id = basename(diffPath, '.diff')
  return { id, diffPath, run: null, request: null, state: 'kept', root: null, appliedAt: null, files: [] }
}

function recordOf(diffPath: string): string {
  return diffPath.replace(/\.diff$/, '.json')
}

/** Throws if a record does not have the form that saveResult() writes. */
function checked(record: unknown): Omit<KeptResult, 'id' | 'diffPath'> {
  const { run, request, state, root, appliedAt, files } = record as Record<string, unknown>
  const isNullOr = (type: string, value: unknown) => value === null || typeof value === type
  const isWhole =
    isNullOr('number', run) &&
    isNullOr('string', request) &&
    STATES.includes(state as string) &&
    isNullOr('string', root) &&
    isNullOr('number', appliedAt) &&
    Array.isArray(files) &&
    files.every(isKeptFile)
  if (!isWhole) throw new TypeError('no record of a result')
  return record as Omit<KeptResult, 'id' | 'diffPath'>
}

function isKeptFile(value: unknown): value is KeptFile {
  if (typeof value !== 'object' || value === null) return false
  const { path, before, after } = value as Record<string, unknown>
  const { kind, base64, mode } = (before ?? { kind: 'file', base64: '', mode: 0 }) as Record<string, unknown>
  return (
    typeof path === 'string' &&
    (after === null || typeof after === 'string') &&
    (kind === 'file' || kind === 'link') &&
    typeof base64 === 'string' &&
    Number.isInteger(mode)
  )
}
