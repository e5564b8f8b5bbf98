import { MOST_MS } from '../processes/deadline.ts'

/**
 * Runs `work` with a signal that fires when `signal` fires or after `ms`. Throws onTimeout() in the latter case, the
 * reason of `signal` in the former, also when the work took the abort for a normal end (the openai SDK's streams do).
 * Takes its listener off `signal` at the end: one signal lives for a whole pass of thousands of calls.
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
