/** 24 days: of a longer wait Node's timers make one of a millisecond. */
export const MOST_MS = 2 ** 31 - 1

/**
 * A signal that aborts after some milliseconds, 24 days at most, or with another one, to which it listens until then.
 *
 * The timer holds what is to abort: what AbortSignal.any() is made of is collected as garbage (the timeout by Node 20, the result by Node 24), and then nothing aborts.
 */
export function deadline(ms: number, signal?: AbortSignal): AbortSignal {
  const end = new AbortController()
  const most = Math.min(ms, MOST_MS)
  setTimeout(() => end.abort(new DOMException('out of time', 'TimeoutError')), most).unref()
  if (signal?.aborted) end.abort(signal.reason)
  signal?.addEventListener('abort', () => end.abort(signal.reason), { once: true, signal: end.signal })
  return end.signal
}
