import { setImmediate } from 'node:timers/promises'

const EVERY_MS = 50

/**
 * For computations that take long: call what this returns in their loops, and wait for what that returns, if anything. Every 50 ms it lets
 * this thread hear what has come meanwhile, Ctrl-C for instance. Throws the signal's reason when it is aborted.
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
