import { setImmediate } from 'node:timers/promises'

const EVERY_MS = 50

/**
 * For long computations: call the returned function in their loops, and await its result if there is one. Every 50 ms it lets the event
 * loop run, so that Ctrl-C and other events are handled. Throws the signal's reason when it is aborted.
 */
export function breather(signal?: AbortSignal): () => Promise<void> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < EVERY_MS) return
    return setImmediate().then(() => {
      signal?.throwIfAborted()
      last = performance.now()
    })
  }
}
