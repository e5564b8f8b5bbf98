import type { ChildProcess } from 'node:child_process'
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { UserError } from '../errors.ts'
import { memoryOf } from '../processes/memory-of.ts'
import { type JobQueue, jobQueue } from './job-queue.ts'
import { hasGrammar } from './languages/index.ts'
import { NOTHING_READ, type ParseBatch, type ParseJob, type ParseResult } from './messages.ts'
import { isLoaded, keepParser, startParser } from './parser-process.ts'

// One process writes the database, so many parsers would only wait for it, and each takes 150 MB.
const MOST_BY_DEFAULT = Math.min(availableParallelism(), 4)
const BATCH = 6 // small, so that all children finish at about the same time
const IN_FLIGHT = 3 * BATCH // enough that a child never waits for its next message
const STILLBORN = 3 // after so many children in a row that ended before any answer, it is tried whether the files are the cause
const GIVE_UP_MS = 20_000 // a 1 MB file of dense code takes under 2 s
const MOST_MEMORY = 1_000_000_000 // bytes; a hostile file of 1 MB takes 1.3 GB, other files about 150 MB
const MEASURE_MS = 250
const LOAD_MS = 20_000 // of a new child; on an idle machine it needs a tenth of a second
const FIRST_MS = 1000 // then, for its first grammar, when the limit is short
const MOST_LATE = 8 // hostile files may be many: each has less time than the one before, and from here on only short ones are parsed
const LONG = 16_000 // bytes: then longer files are not parsed. Halved after every eight further late ones: 2,000 characters may take half a second

export interface PoolOptions {
  /** Larger files are left out. Default: none is. */
  readonly maxBytes?: number
  readonly processes?: number
  readonly signal?: AbortSignal
  /** Children of forkAhead, used before new ones are started. */
  readonly ahead?: ChildProcess[]
  /** Time for the first file that takes too long. Default: 20 s. */
  readonly giveUpMs?: number
}

/** Of one call. */
interface Run {
  readonly waiting: JobQueue
  readonly onResult: (result: ParseResult) => void
  readonly children: Set<ChildProcess>
  readonly options: PoolOptions
  /** Jobs that ended a child, without any answer since. */
  readonly suspects: ParseJob[]
  /** Number of jobs that took too long. */
  late: number
}

/**
 * Starts the children that a long list of jobs will need while that list is still being made, and adds them to `ahead`. parseInPool ends
 * those it does not need; if it is never called, endAhead() does. A child that fails to start is replaced when it is needed, and the error
 * is reported then.
 */
export function forkAhead(ahead: ChildProcess[], processes = MOST_BY_DEFAULT): void {
  while (ahead.length < processes) ahead.push(startParser())
}

/** Ends children that were not needed, or keeps them (keepParsers). */
export function endAhead(ahead: ChildProcess[] = []): void {
  for (const child of ahead.splice(0)) if (!keepParser(child)) child.kill('SIGKILL')
}

/**
 * Reads and parses contents in child processes. Passes each result to `onResult` as it arrives, in no fixed order.
 *
 * Native tree-sitter can crash or hang on a hostile file. The child is then replaced, that file gets the reason 'parser gave up', and the
 * rest continues; many such files together take a minute or two. (Worker threads would crash this process too.) Memory: about 150 MB per child,
 * for any number of jobs. Rejects with the signal's reason when aborted, and with a UserError if no child lives long enough to answer. No child
 * outlives the call but those that keepParsers() allows.
 */
export async function parseInPool(
  jobs: readonly ParseJob[],
  onResult: (result: ParseResult) => void,
  options: PoolOptions,
): Promise<void> {
  const waiting = jobQueue(jobs)
  const processes = Math.min(options.processes ?? MOST_BY_DEFAULT, Math.ceil(jobs.length / BATCH))
  const children = new Set<ChildProcess>()
  const stop = () => {
    for (const child of children) child.kill('SIGKILL')
  }
  const run: Run = { waiting, onResult, children, options, suspects: [], late: 0 }
  options.signal?.throwIfAborted()
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    await Promise.all(Array.from({ length: processes }, () => serve(run)))
    if (!options.signal?.aborted) giveUp(run.suspects, onResult)
  } finally {
    options.signal?.removeEventListener('abort', stop)
    stop()
    endAhead(options.ahead)
  }
  options.signal?.throwIfAborted()
}

function giveUp(jobs: readonly ParseJob[], onResult: (result: ParseResult) => void): void {
  for (const { key, blob } of jobs)
    onResult({ key, blob, bytes: 0, lines: 0, reason: 'parser gave up', ...NOTHING_READ })
}

/** Keeps one child busy until no job is left, and replaces it when it dies. */
async function serve(run: Run): Promise<void> {
  const { waiting, onResult, suspects, options } = run
  while (waiting.size > 0 && !options.signal?.aborted) {
    const { left, answered } = await runChild(run)
    const [culprit, ...innocent] = left
    if (options.signal?.aborted) return
    if (culprit) suspects.push(culprit)
    if (answered > 0) giveUp(suspects.splice(0), onResult)
    waiting.giveBack(innocent)
    if (suspects.length >= STILLBORN) {
      const some = suspects.splice(0)
      if (!(await canParse(some[0]!, run))) throw stillborn()
      giveUp(some, onResult)
    }
  }
}

function stillborn(): UserError {
  return new UserError(
    'the parsers end as soon as they are started',
    'see whether memory is short, and whether npm ls shows every tree-sitter package; nothing was left out because of it',
    { exitCode: 1 },
  )
}

/** Whether a new child parses an empty text in the language of this job. */
async function canParse({ language }: ParseJob, { children, options }: Run): Promise<boolean> {
  const waiting = jobQueue([{ key: 0, path: '', language, blob: '', text: '' }])
  const { ahead: _, giveUpMs: __, ...own } = options
  const { answered } = await runChild({ waiting, onResult: () => {}, children, options: own, suspects: [], late: 0 })
  return answered > 0 || options.signal?.aborted === true
}

/** Time for an answer of a child that is loaded: for its first one, more. */
function limitOf({ late, options: { giveUpMs = GIVE_UP_MS } }: Run, isFirst: boolean): number {
  const limit = Math.max(giveUpMs / 2 ** late, giveUpMs / 10)
  return limit < GIVE_UP_MS && isFirst ? limit + FIRST_MS : limit
}

/** Runs one child until it ends, or until no job waits and it is kept. left: its unanswered jobs, oldest first. answered: number of its answers. */
function runChild(run: Run): Promise<{ readonly left: readonly ParseJob[]; readonly answered: number }> {
  const { waiting, onResult, children, options } = run
  const { maxBytes = Infinity, ahead } = options
  return new Promise((resolve, reject) => {
    const child = ahead?.find((one) => one.connected) ?? startParser()
    ahead?.splice(0, ahead.indexOf(child) + 1)
    children.add(child)
    const loaded = new Set<string | null>()
    const given: ParseJob[] = []
    let answered = 0
    let watchdog = setTimeout(() => {}, 0)
    const measuring = setInterval(() => memoryOf(child.pid) > MOST_MEMORY && onLate(), MEASURE_MS)
    const feed = () => {
      while (given.length <= IN_FLIGHT - BATCH && waiting.size > 0) {
        const batch = fitting(waiting.take(loaded, BATCH), run)
        given.push(...batch)
        child.send({ jobs: batch, maxBytes } satisfies ParseBatch, () => {}) // the 'exit' event reports a child that died meanwhile
      }
      if (given.length > 0) watch()
      else if (keepParser(child)) onEnd()
      else child.disconnect()
    }
    const watch = () => {
      clearTimeout(watchdog)
      watchdog = setTimeout(onLate, isLoaded(child) ? limitOf(run, answered === 0) : LOAD_MS)
    }
    const onLate = () => {
      run.late++
      child.kill('SIGKILL')
    }
    // results as a JSON text: V8's structured clone took twice as long
    const onMessage = (message: string | null) => {
      if (message === null) return watch() // it is loaded
      try {
        for (const result of JSON.parse(message) as ParseResult[]) {
          given.shift()
          answered++
          onResult(result)
        }
        feed()
      } catch (error) {
        child.kill('SIGKILL')
        reject(error)
      }
    }
    const onEnd = () => {
      clearTimeout(watchdog)
      clearInterval(measuring)
      child.off('message', onMessage).off('error', reject).off('exit', onEnd)
      children.delete(child)
      resolve({ left: given, answered })
    }
    child.on('message', onMessage).on('error', reject).on('exit', onEnd)
    feed()
  })
}

/** The jobs that are tried. The others are given up: too many files took too long. */
function fitting(jobs: readonly ParseJob[], { late, onResult }: Run): readonly ParseJob[] {
  if (late < MOST_LATE) return jobs
  const mostBytes = LONG / 2 ** Math.floor(late / MOST_LATE - 1)
  const beyond = jobs.filter((job) => isLong(job, mostBytes))
  giveUp(beyond, onResult)
  return jobs.filter((job) => !beyond.includes(job))
}

function isLong({ path, language, text }: ParseJob, mostBytes: number): boolean {
  if (text !== undefined || language === null || !hasGrammar(language)) return false
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > mostBytes
}
