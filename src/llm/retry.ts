import { setTimeout as sleep } from 'node:timers/promises'
import pRetry from 'p-retry'
import { CallFailure } from './failure.ts'

// An endpoint that asks for more than a minute is better left to the caller: a pass ends and comes back later.
const LONGEST_WAIT_MS = 60_000

export interface RetryOptions {
  readonly attempts: number
  /** The first wait is between this and twice this; each further one is twice as long. */
  readonly baseMs: number
  readonly signal?: AbortSignal | undefined
  /** false: what failed is not tried again. Default: it is. */
  readonly mayRetry?: () => boolean
  readonly onRetry?: (failure: CallFailure, nextAttempt: number) => void
}

/**
 * Runs `attempt` until it succeeds, its CallFailure is not to be retried, or the attempts are used up; then throws the
 * last failure. Waits in between: at least what the endpoint asked for (up to a minute, else it gives up), plus backoff
 * with jitter. Throws at once when `signal` fires, also within a wait. Errors other than CallFailure are thrown as they
 * are.
 */
export function withRetry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, baseMs, signal, mayRetry = () => true, onRetry } = options
  return pRetry(attempt, {
    retries: attempts - 1,
    minTimeout: baseMs,
    factor: 2,
    randomize: true,
    signal,
    // p-retry asks this only when an attempt is left, and waits for the answer
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
