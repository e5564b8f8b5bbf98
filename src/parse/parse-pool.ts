import type { ChildProcess } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { UserError } from '../errors.ts'
import { type JobQueue, jobQueue } from './job-queue.ts'
import type { ParseJob, ParseResult, WorkerSettings } from './messages.ts'
import { keepParser, startParser } from './parser-process.ts'

// One process writes the database, so many parsers would only wait for it, and each takes 150 MB.
const MOST_BY_DEFAULT = Math.min(availableParallelism(), 4)
const BATCH = 6 // small, so that all children finish at about the same time
const IN_FLIGHT = 3 * BATCH // enough that a child never waits for its next message
const STILLBORN = 3 // after so many children in a row that ended before any answer, the files cannot be the cause
const GIVE_UP_MS = 20_000 // a 1 MB file of dense code takes under 2 s

export interface PoolOptions extends WorkerSettings {
  readonly processes?: number
  readonly signal?: AbortSignal
  /** Children of forkAhead, used before new ones are started. */
  readonly ahead?: ChildProcess[]
}

/**
 * Starts the children that a long list of jobs will need while that list is still being made, and adds them to `ahead`. parseInPool ends
 * those it does not need; if it is never called, endAhead() does. A child that fails to start is replaced when it is needed, and the error
 * is reported then.
 */
export function forkAhead(ahead: ChildProcess[], { processes = MOST_BY_DEFAULT, maxBytes }: PoolOptions): void {
  while (ahead.length < processes) ahead.push(startParser({ maxBytes }))
}

/** Ends children that were not needed, or keeps them (keepParsers). */
export function endAhead(ahead: ChildProcess[] = [], settings: WorkerSettings): void {
  for (const child of ahead.splice(0)) if (!keepParser(child, settings)) child.kill('SIGKILL')
}

/**
 * Reads and parses contents in child processes. Passes each result to `onResult` as it arrives, in no fixed order.
 *
 * Native tree-sitter can crash or hang on a hostile file. The child is then replaced, that file gets the reason 'parser gave up', and the
 * rest continues. (Worker threads would crash this process too.) Memory: about 150 MB per child, for any number of jobs. Rejects with the
 * signal's reason when aborted, and with a UserError if no child lives long enough to answer. No child outlives the call but those that
 * keepParsers() allows.
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
  const suspects: ParseJob[] = []
  options.signal?.throwIfAborted()
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    await Promise.all(Array.from({ length: processes }, () => serve(waiting, onResult, children, suspects, options)))
    if (!options.signal?.aborted) giveUp(suspects, onResult)
  } finally {
    options.signal?.removeEventListener('abort', stop)
    stop()
    endAhead(options.ahead, options)
  }
  options.signal?.throwIfAborted()
}

function giveUp(jobs: readonly ParseJob[], onResult: (result: ParseResult) => void): void {
  for (const { key, blob } of jobs)
    onResult({ key, blob, bytes: 0, lines: 0, reason: 'parser gave up', parsed: null, problem: null, terms: null })
}

/** Keeps one child busy until no job is left, and replaces it when it dies. suspects: jobs that ended a child, without any answer since. */
async function serve(
  waiting: JobQueue,
  onResult: (result: ParseResult) => void,
  children: Set<ChildProcess>,
  suspects: ParseJob[],
  options: PoolOptions,
): Promise<void> {
  while (waiting.size > 0 && !options.signal?.aborted) {
    const { left, answered } = await runChild(waiting, onResult, children, options)
    const [culprit, ...innocent] = left
    if (options.signal?.aborted) return
    if (culprit) suspects.push(culprit)
    if (answered > 0) giveUp(suspects.splice(0), onResult)
    if (suspects.length >= STILLBORN)
      throw new UserError(
        'the parsers end as soon as they are started',
        'see whether memory is short, and whether npm ls shows every tree-sitter package; nothing was left out because of it',
        { exitCode: 1 },
      )
    waiting.giveBack(innocent)
  }
}

/** Runs one child until it ends, or until no job waits and it is kept. left: its unanswered jobs, oldest first. answered: number of its answers. */
function runChild(
  waiting: JobQueue,
  onResult: (result: ParseResult) => void,
  children: Set<ChildProcess>,
  { maxBytes, ahead }: PoolOptions,
): Promise<{ readonly left: readonly ParseJob[]; readonly answered: number }> {
  return new Promise((resolve, reject) => {
    const child = ahead?.find((one) => one.connected) ?? startParser({ maxBytes })
    ahead?.splice(0, ahead.indexOf(child) + 1)
    children.add(child)
    const loaded = new Set<string | null>()
    const given: ParseJob[] = []
    let answered = 0
    let watchdog = setTimeout(() => {}, 0)
    const feed = () => {
      while (given.length <= IN_FLIGHT - BATCH && waiting.size > 0) {
        const batch = waiting.take(loaded, BATCH)
        given.push(...batch)
        child.send(batch, () => {}) // the 'exit' event reports a child that died meanwhile
      }
      clearTimeout(watchdog)
      if (given.length > 0) watchdog = setTimeout(() => child.kill('SIGKILL'), GIVE_UP_MS)
      else if (keepParser(child, { maxBytes })) onEnd()
      else child.disconnect()
    }
    // one JSON text per result: V8's structured clone took twice as long
    const onMessage = (message: string) => {
      const result = JSON.parse(message) as ParseResult
      given.shift()
      answered++
      try {
        onResult(result)
        feed()
      } catch (error) {
        child.kill('SIGKILL')
        reject(error)
      }
    }
    const onEnd = () => {
      clearTimeout(watchdog)
      child.off('message', onMessage).off('error', reject).off('exit', onEnd)
      children.delete(child)
      resolve({ left: given, answered })
    }
    child.on('message', onMessage).on('error', reject).on('exit', onEnd)
    feed()
  })
}
