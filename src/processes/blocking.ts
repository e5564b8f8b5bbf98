import { setImmediate } from 'node:timers/promises'

let ending: AbortSignal | null = null

/**
 * Says that this process may end by a signal's default effect within blocking(): one of our own, not one that uses us as a library.
 * interrupted: aborts at the first Ctrl-C, after which blocking() begins nothing more.
 */
export function allowAbruptEnd(interrupted: AbortSignal): void {
  ending = interrupted
}

/** True after Ctrl-C: what would wait for others gives up. */
export function isEnding(): boolean {
  return ending?.aborted ?? false
}

/**
 * Runs work that keeps this thread busy for seconds in one piece, where no signal is heard. Ctrl-C ends the process meanwhile, as it ends a
 * program that does not listen for it: what SQLite does is whole or undone after that. Throws the signal's reason after an earlier Ctrl-C.
 */
export async function blocking<T>(work: () => T): Promise<T> {
  await setImmediate() // a signal that has come is heard first: with its listeners it would be lost
  return blockingNow(work)
}

/** As blocking(), where nothing can be waited for. Let the event loop have its turn before, if you can. */
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
