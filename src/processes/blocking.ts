import { setImmediate } from 'node:timers/promises'

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
  await setImmediate() // handle a pending signal first; it would be lost when its listeners are removed
  return blockingNow(work)
}

/** Like blocking(), where nothing can be awaited. If possible, let the event loop run once before. */
export function blockingNow<T>(work: () => T): T {
  ending?.throwIfAborted()
  if (!ending) return work()
  const listeners = process.rawListeners('SIGINT') as NodeJS.SignalsListener[]
  process.removeAllListeners('SIGINT')
  try {
    return work()
  } finally {
    for (const listener of listeners) process.on('SIGINT', listener)
  }
}
