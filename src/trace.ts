import { channel } from 'node:diagnostics_channel'

/** Publishes what is done and how long it took, for --verbose. Costs nothing without a subscriber. */
export const TRACE = channel('repose:trace')

export interface Traced {
  /** 'git status --porcelain'. */
  readonly what: string
  readonly ms: number
}

/** Runs `work` and publishes `what` with its duration. */
export async function traced<T>(what: () => string, work: () => Promise<T>): Promise<T> {
  if (!TRACE.hasSubscribers) return work()
  const start = performance.now()
  try {
    return await work()
  } finally {
    TRACE.publish({ what: what(), ms: performance.now() - start } satisfies Traced)
  }
}
