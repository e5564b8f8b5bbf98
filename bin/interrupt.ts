import { spawn } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { allowAbruptEnd } from '../src/processes/blocking.ts'
import { endWhenWhole } from '../src/processes/uninterrupted.ts'

const FORCE_MS = 850 // from Ctrl-C to the forced end; running work has as long to end by itself
const STEP_MS = 50
const LONGEST = 3 // times as long as that by the clock
const FORCE_QUIETLY_MS = 3000 // from SIGTERM, where nobody waits at a keyboard: a pass has time to write its receipt

/**
 * A signal that aborts at the first Ctrl-C (or SIGTERM, SIGHUP). What does not end in time is ended by force, exit code 130: its
 * children die with this process (src/processes/own-children.ts), saved data is complete, and the next run removes a leftover worktree.
 * The second Ctrl-C ends it at once. Both wait while files of the user are being written (uninterrupted()).
 */
export function endOnInterrupt(): AbortSignal {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal) // up to 64 calls wait for it at once: Node would warn of a leak from the 11th on
  allowAbruptEnd(controller.signal)
  const interrupt = (forceMs: number) => {
    if (controller.signal.aborted) end()
    process.exitCode = INTERRUPTED
    controller.abort(new Error('interrupted'))
    // in short steps: on a busy machine each takes longer, and so does the work that has to end
    let left = forceMs
    const latest = performance.now() + LONGEST * forceMs // if steps take much longer, the work does not end by itself
    setInterval(() => {
      left -= STEP_MS
      if (left <= 0 || performance.now() > latest) end()
    }, STEP_MS).unref()
  }
  process.on('SIGINT', () => {
    isByKey = true
    interrupt(FORCE_MS)
  })
  process.on('SIGTERM', () => interrupt(FORCE_QUIETLY_MS))
  // the terminal was closed; this may come twice
  process.on('SIGHUP', () => {
    if (!controller.signal.aborted) interrupt(FORCE_QUIETLY_MS)
  })
  return controller.signal
}

const INTERRUPTED = 130
const LINE = process.stderr.isTTY ? '\r\x1b[K' : '' // over a line of progress
let isByKey = false

/**
 * The exit code of a command that ended with `code`, perhaps after an interrupt. A daemon that SIGTERM ended has done what was asked.
 */
export function codeAfter<Code extends number>(code: Code, interrupted: AbortSignal): Code | typeof INTERRUPTED {
  return interrupted.aborted && (isByKey || code !== 0) ? INTERRUPTED : code
}

function end(): void {
  if (!endWhenWhole(endNow)) sayWaiting()
}

function endNow(): never {
  sayInterrupted()
  if (process.platform !== 'win32') spawn('/bin/sh', ['-c', KILL_LATER, String(process.pid)], APART).unref()
  process.exit(INTERRUPTED)
}

// process.exit() waits for a read of another thread, which may be one of a pipe that nobody writes.
const KILL_LATER = 'sleep 1; kill -9 "$0"'
const APART = { cwd: '/', env: { PATH: '/usr/bin:/bin' }, stdio: 'ignore', detached: true } as const

let isWaitingSaid = false

function sayWaiting(): void {
  if (!isWaitingSaid) process.stderr.write(`${LINE}your files are being written: repose ends when they are whole\n`)
  isWaitingSaid = true
}

let isSaid = false

/** Prints it once, even if called several times. */
export function sayInterrupted(): void {
  if (!isSaid) process.stderr.write(`${LINE}interrupted: what was saved before is kept\n`)
  isSaid = true
}
