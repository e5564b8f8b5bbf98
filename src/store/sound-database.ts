import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { PACKAGE_ROOT } from '../assets.ts'
import { UserError } from '../errors.ts'
import { requireDatabaseFiles } from '../files/private-files.ts'
import { blockingNow } from '../processes/blocking.ts'
import { offlineEnvironment } from '../processes/offline-environment.ts'
import { runProcess } from '../processes/run-process.ts'
import { traced } from '../trace.ts'
import type { CheckOrder, DatabaseFinding } from './check-process.ts'
import { asUserError, fixOfDamage } from './db-errors.ts'
import { isKnown, makeKnown } from './known-database.ts'

interface SoundOptions {
  readonly signal?: AbortSignal | undefined
  /** The database that messages name. Default: the path. */
  readonly name?: string
}

interface CopyOptions extends SoundOptions {
  /** The database of which it is a copy. */
  readonly name: string
}

/**
 * Returns if a database may be opened: there is none yet, it is known (known-database.ts), or it is sound. A process of its own checks that,
 * once for each database and within limits of time. Otherwise throws what opening it would throw.
 */
export async function requireSound(path: string, options: SoundOptions = {}): Promise<void> {
  const { name = path } = options
  if (isSettled(path, name)) return
  const checked = await traced(
    () => `database ${name} checked, since it is not known`,
    () => findingsOf(path, options),
  )
  judge(checked, name)
  makeKnown(path)
}

/** Like requireSound(), for callers that cannot await. Does nothing if requireSound() was called before. */
export function requireSoundNow(path: string): void {
  if (isSettled(path, path)) return
  const { stdout, stderr, status, error } = blockingNow(() =>
    spawnSync(process.execPath, argumentsFor(path), {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
      env: offlineEnvironment(),
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitsFor(path).mostMs,
      windowsHide: true,
    }),
  )
  const isLate = (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT'
  judge(checkedOf(stdout, status, stderr, isLate ? undefined : error), path)
  makeKnown(path)
}

/** Throws if a copy of a database is not sound. Does not make the copy known. */
export async function requireSoundCopy(copy: string, options: CopyOptions): Promise<void> {
  judge(await findingsOf(copy, options), options.name)
}

/** True if the database that was copied is of another program, or is no database. Throws if damage hides which. */
export async function isOfAnother(copy: string, options: CopyOptions): Promise<boolean> {
  const checked = await findingsOf(copy, options, (finding) => 'isOfRepose' in finding)
  const [first] = checked.findings
  if (first && 'isOfRepose' in first) return !first.isOfRepose
  if (first && 'code' in first && first.code === 'SQLITE_NOTADB') return true
  judge(checked, options.name)
  return false
}

/** True if there is no database, or nothing was written to it yet. SQLite then deletes the files beside it. */
export function isEmpty(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0
}

/** True if nothing has to be checked. */
function isSettled(path: string, name: string): boolean {
  if (path === ':memory:') return true
  try {
    requireDatabaseFiles(path)
    if (isEmpty(path) || isKnown(path)) return true
    if (hasForeignJournal(path)) throw foreignJournal(name)
    return false
  } catch (error) {
    throw asUserError(error, name)
  }
}

/**
 * Whether a rollback journal of others lies beside a database: repose never leaves one there. It can name a file anywhere
 * (SQLite's "super-journal"), which SQLite deletes when it opens the database.
 */
export function hasForeignJournal(path: string): boolean {
  return !isEmpty(`${path}-journal`) && !isEmpty(path) && !isKnown(path)
}

function foreignJournal(name: string): UserError {
  const message = 'there is a journal beside it that repose did not write'
  const cause = Object.assign(new Database.SqliteError(message, 'SQLITE_CORRUPT'), { database: name })
  return new UserError(`the database ${name} is damaged: ${message}`, fixOfDamage(name), { cause })
}

interface Checked {
  readonly findings: readonly DatabaseFinding[]
  /** Why the process of the check gave no answer. */
  readonly error?: Error
}

async function findingsOf(
  path: string,
  { signal }: SoundOptions,
  isEnough: (finding: DatabaseFinding) => boolean = () => false,
): Promise<Checked> {
  let output = ''
  const { exitCode, stderr, error } = await runProcess(process.execPath, argumentsFor(path), {
    cwd: PACKAGE_ROOT,
    env: offlineEnvironment(),
    signal,
    timeoutMs: limitsFor(path).mostMs,
    onOutput(chunk) {
      output += chunk
      return !readFindings(output).some(isEnough)
    },
  })
  signal?.throwIfAborted()
  return checkedOf(output, exitCode, stderr, error)
}

/** exitCode: null if a signal ended the process, at its limits or in a crash. */
function checkedOf(output: string, exitCode: number | null, stderr: string, error: Error | undefined): Checked {
  const failed =
    error ?? (exitCode === null || exitCode === 0 ? undefined : new Error(stderr.trim().split('\n').at(-1)))
  return { findings: readFindings(output), ...(failed && { error: failed }) }
}

const MEGABYTE = 1e6
const SHORTEST_MS = 5000 // of processor time; a sound database takes 10 ms a megabyte
const MS_A_MEGABYTE = 50
const SLOWNESS = 4 // wall-clock time over processor time: disks, and other programs

function limitsFor(path: string): { readonly processorMs: number; readonly mostMs: number } {
  const bytes = ['', '-wal'].reduce(
    (sum, end) => sum + (statSync(path + end, { throwIfNoEntry: false })?.blocks ?? 0) * 512,
    0,
  )
  const processorMs = Math.round(SHORTEST_MS + (MS_A_MEGABYTE * bytes) / MEGABYTE)
  return { processorMs, mostMs: SLOWNESS * processorMs }
}

function argumentsFor(path: string): string[] {
  const order: CheckOrder = { path, ...limitsFor(path), parent: process.pid }
  return [join(PACKAGE_ROOT, 'dist/src/store/check-process.js'), JSON.stringify(order)]
}

const readFindings = (output: string) =>
  output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as DatabaseFinding)

const ENDLESS = 'reading it does not end'

function judge({ findings, error }: Checked, name: string): void {
  if (error)
    throw new UserError(`the database ${name} cannot be checked (${error.message})`, 'try again', {
      exitCode: 1,
      cause: error,
    })
  const last = findings.at(-1)
  if (last && 'isSound' in last) return
  if (last && 'isOfRepose' in last && !last.isOfRepose) throw anotherProgram(name)
  const { code, message } = last && 'code' in last ? last : { code: 'SQLITE_CORRUPT', message: ENDLESS }
  const cause = Object.assign(new Database.SqliteError(message, code), { database: name })
  if (last && 'code' in last) throw asUserError(cause, name)
  throw new UserError(`the database ${name} is damaged: ${ENDLESS}`, fixOfDamage(name), { cause })
}

export function anotherProgram(path: string): UserError {
  return new UserError(`${path} is a database of another program`, 'name another file with --db or REPOSE_DB')
}
