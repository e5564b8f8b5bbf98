import { setImmediate } from 'node:timers/promises'
import { isUninterrupted } from './uninterrupted.ts'

let ending: AbortSignal | null = null

/**
 * Lets a signal end this process by its default effect during blocking(). Call it only in our own process, not when a program uses us as a
 * library. interrupted: aborts at the first Ctrl-C; blocking() then starts nothing more.
 */
export function allowAbruptEnd(interrupted: AbortSignal): void {
  ending = interrupted
}

/** True after Ctrl-C: code that would wait for others should give up. */
export function isEnding(): boolean {
  return ending?.aborted ?? false
}

/**
 * Runs work that blocks this thread for seconds, during which no signal handler can run. Ctrl-C then ends the process by default; SQLite's
 * transactions are complete or rolled back afterwards. Throws the signal's reason after an earlier Ctrl-C.
 */
export async function blocking<T>(work: () => T): Promise<T> {
  await handleSignals()
  return blockingNow(work)
}

const MOST_TURNS = 20
const IDLE_MS = 1

/**
 * Lets the handlers of signals run that have arrived; one that waits would be lost when its listeners are removed. The event loop handles
 * them only in its next turn, and after one in which other callbacks took time, again.
 */
export async function handleSignals(): Promise<void> {
  await setImmediate() // the rest of this turn
  for (let turns = 0; turns < MOST_TURNS; turns++) {
    const began = performance.now()
    await setImmediate()
    if (performance.now() - began < IDLE_MS) return
  }
}

/**
 * Like blocking(), for work that also awaits. Between two awaits, input of others may make it block for long. Ctrl-C ends the process at any
 * place of the work, except while it awaits `aside`. So the work must leave nothing half done, and wait for child processes in `aside`: an
 * abrupt end would leave a busy child behind.
 */
export async function blockingInParts<T>(work: (aside: Aside) => Promise<T>): Promise<T> {
  await handleSignals()
  let restore = withoutListeners()
  try {
    return await work(async (wait) => {
      restore()
      try {
        return await wait()
      } finally {
        await handleSignals()
        restore = withoutListeners()
      }
    })
  } finally {
    restore()
  }
}

export type Aside = <T>(wait: () => Promise<T>) => Promise<T>

/** Like blocking(), where nothing can be awaited. If possible, await handleSignals() before. */
export function blockingNow<T>(work: () => T): T {
  const restore = withoutListeners()
  try {
    return work()
  } finally {
    restore()
  }
}

function withoutListeners(): () => void {
  ending?.throwIfAborted()
  if (!ending || isUninterrupted()) return () => {}
  const listeners = process.rawListeners('SIGINT') as NodeJS.SignalsListener[]
  process.removeAllListeners('SIGINT')
  return () => {
    for (const listener of listeners.splice(0)) process.on('SIGINT', listener)
  }
}
