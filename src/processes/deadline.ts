/** 24 days. Node turns a timeout above 2^31-1 ms into 1 ms. */
export const MOST_MS = 2 ** 31 - 1

/**
 * A signal that aborts after `ms` milliseconds (24 days at most) or together with `signal`.
 *
 * The timer holds a reference to the controller. The parts of AbortSignal.any() can be garbage-collected (the timeout in Node 20, the
 * result in Node 24), and then nothing aborts.
 */
export function deadline(ms: number, signal?: AbortSignal): AbortSignal {
  const end = new AbortController()
  const most = Math.min(ms, MOST_MS)
  setTimeout(() => end.abort(new DOMException('out of time', 'TimeoutError')), most).unref()
  if (signal?.aborted) end.abort(signal.reason)
  signal?.addEventListener('abort', () => end.abort(signal.reason), { once: true, signal: end.signal })
  return end.signal
}
