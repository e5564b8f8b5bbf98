/**
 * A signal that aborts after some milliseconds (at most 2^31 - 1), or with another one, to which it listens until then.
 *
 * The timer holds what is to abort: what AbortSignal.any() is made of is collected as garbage (the timeout by Node 20, the result by Node 24), and then nothing aborts.
 */
export function deadline(ms: number, signal?: AbortSignal): AbortSignal {
  const end = new AbortController()
  setTimeout(() => end.abort(new DOMException('out of time', 'TimeoutError')), ms).unref()
  if (signal?.aborted) end.abort(signal.reason)
  signal?.addEventListener('abort', () => end.abort(signal.reason), { once: true, signal: end.signal })
  return end.signal
}
