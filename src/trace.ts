import { channel } from 'node:diagnostics_channel'

/** Gets what is done and how long it took, for --verbose. Nobody listens else, and then it costs nothing. */
export const TRACE = channel('repose:trace')

export interface Traced {
  /** 'git status --porcelain'. */
  readonly what: string
  readonly ms: number
}

/** Runs `work` and tells what it was. */
export async function traced<T>(what: () => string, work: () => Promise<T>): Promise<T> {
  if (!TRACE.hasSubscribers) return work()
  const start = performance.now()
  try {
    return await work()
  } finally {
    TRACE.publish({ what: what(), ms: performance.now() - start } satisfies Traced)
  }
}
