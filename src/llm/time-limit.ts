import { MOST_MS } from '../processes/deadline.ts'

/**
 * Runs `work` with a signal that aborts with `signal` or after `ms`. Then throws the reason of `signal` or onTimeout(), even if the work
 * treated the abort as a normal end (as the openai SDK's streams do). Finally removes its listener from `signal`, which lives for a whole
 * pass of thousands of calls.
 */
export async function withTimeLimit<T>(
  ms: number,
  signal: AbortSignal | undefined,
  onTimeout: () => Error,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const abort = () => controller.abort(signal?.reason)
  const timer = setTimeout(() => controller.abort(onTimeout()), Math.min(ms, MOST_MS))
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  try {
    const result = await work(controller.signal)
    controller.signal.throwIfAborted()
    return result
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
