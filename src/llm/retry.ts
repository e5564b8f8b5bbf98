import { setTimeout as sleep } from 'node:timers/promises'
import pRetry from 'p-retry'
import { CallFailure } from './failure.ts'

// If an endpoint asks for a longer wait, we give up: a pass ends and continues later.
const LONGEST_WAIT_MS = 60_000

export interface RetryOptions {
  readonly attempts: number
  /** The first wait is between this and twice this; each further one doubles. */
  readonly baseMs: number
  readonly signal?: AbortSignal | undefined
  /** false: no retry. Default: retry. */
  readonly mayRetry?: () => boolean
  readonly onRetry?: (failure: CallFailure, nextAttempt: number) => void
}

/**
 * Runs `attempt` until it succeeds, fails with a CallFailure that must not be retried, or the attempts are used up; then throws the last
 * failure. It waits at least as long as the endpoint asks (above a minute it gives up), plus backoff with jitter. Throws at once when
 * `signal` aborts, also during a wait. Errors other than CallFailure are rethrown.
 */
export function withRetry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, baseMs, signal, mayRetry = () => true, onRetry } = options
  return pRetry(attempt, {
    retries: attempts - 1,
    minTimeout: baseMs,
    factor: 2,
    randomize: true,
    signal,
    // p-retry calls this only if an attempt is left, and awaits it
    async shouldRetry({ error, attemptNumber }) {
      if (signal?.aborted || !(error instanceof CallFailure) || !error.retry) return false
      if (error.waitMs !== null && error.waitMs > LONGEST_WAIT_MS) return false
      if (!mayRetry()) return false
      onRetry?.(error, attemptNumber + 1)
      if (error.waitMs) await sleep(error.waitMs, undefined, { signal })
      return true
    },
  })
}
