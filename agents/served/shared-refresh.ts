type OnProgress = (done: number, total: number) => void
type Refresh<T> = (signal: AbortSignal, onProgress: OnProgress) => Promise<T>

/** One run of the refresh, and those who wait for it. */
class Round<T> {
  readonly #waiters = new Set<object>()
  readonly #listeners = new Set<OnProgress>()
  readonly #controller = new AbortController()
  readonly result: Promise<T>

  constructor(after: Promise<unknown>, refresh: Refresh<T>, onStart: () => void) {
    const { signal } = this.#controller
    this.result = after
      .catch(() => {})
      .then(() => {
        onStart()
        signal.throwIfAborted()
        return refresh(signal, (done, total) => {
          for (const tell of this.#listeners) tell(done, total)
        })
      })
    this.result.catch(() => {}) // nobody may be waiting any more
  }

  get isLeft(): boolean {
    return this.#controller.signal.aborted
  }

  /** Waits for the result, or for the signal. When nobody waits any more, the refresh is stopped. */
  async wait(signal: AbortSignal, onProgress?: OnProgress): Promise<T> {
    signal.throwIfAborted()
    const waiter = {}
    this.#waiters.add(waiter)
    if (onProgress) this.#listeners.add(onProgress)
    let leave = () => {}
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason)
    })
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([this.result, left])
    } finally {
      signal.removeEventListener('abort', leave)
      this.#waiters.delete(waiter)
      if (onProgress) this.#listeners.delete(onProgress)
      if (this.#waiters.size === 0) this.#controller.abort(signal.reason)
    }
  }
}

/**
 * Shares refreshes among many callers. One runs at a time. Each caller gets the result of a refresh that began after its call, so that no
 * change made before the call is missed. A refresh that nobody waits for any more is stopped.
 */
export class SharedRefresh<T> {
  readonly #refresh: Refresh<T>
  #last: Promise<unknown> = Promise.resolve()
  #next: Round<T> | null = null

  constructor(refresh: Refresh<T>) {
    this.#refresh = refresh
  }

  fresh(signal: AbortSignal, onProgress?: OnProgress): Promise<T> {
    if (!this.#next || this.#next.isLeft) {
      const round = new Round(this.#last, this.#refresh, () => {
        if (this.#next === round) this.#next = null
      })
      this.#next = round
      this.#last = round.result
    }
    return this.#next.wait(signal, onProgress)
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await this.#last.catch(() => {})
  }
}
