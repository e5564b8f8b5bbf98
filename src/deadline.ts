/**
 * A signal that aborts after some milliseconds (at most 2^31 - 1), or with another one.
 *
 * The timer holds what is to abort: of AbortSignal.any([AbortSignal.timeout(ms), ...]) Node 20 collects the timeout as garbage, and it never aborts.
 */
export function deadline(ms: number, signal?: AbortSignal): AbortSignal {
  const end = new AbortController()
  setTimeout(() => end.abort(new DOMException('out of time', 'TimeoutError')), ms).unref()
  return signal ? AbortSignal.any([signal, end.signal]) : end.signal
}
