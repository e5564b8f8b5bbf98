import { setTimeout as wait } from 'node:timers/promises'
import { UserError } from '../../src/errors.ts'

type Say = (text: string) => void

/** Makes a change, and says in words how far it is. */
type Work<Result> = (signal: AbortSignal, say: Say) => Promise<Result>

interface Change<Result> {
  readonly key: string
  readonly result: Promise<Result>
  readonly stop: AbortController
  /** One for each call that waits. */
  readonly listeners: Set<Say>
  said: string
  /** By the clock of performance.now(); null: it goes on. */
  overAt: number | null
}

/** A result, or how far the change is. msAgo: how long before the call it was ready; absent: it came while the call waited. */
export type Waited<Result> = { readonly result: Result; readonly msAgo?: number } | { readonly said: string }

/**
 * The one change that a server makes at a time. Some clients give up a call after a minute, and a change may take longer. So a call waits
 * only `waitMs`, and the next call with the same key waits for the same change.
 */
export class RunningChange<Result> {
  readonly #waitMs: number
  #change: Change<Result> | null = null

  constructor(waitMs: number) {
    this.#waitMs = waitMs
  }

  /**
   * Waits for the change with this key, which begins now unless it is under way. The change is stopped when the last call that waits for it is
   * cancelled. Throws what `work` throws, the signal's reason when aborted, and UserError while a change with another key is made.
   */
  async wait(key: string, work: Work<Result>, signal: AbortSignal, say: Say): Promise<Waited<Result>> {
    signal.throwIfAborted()
    const change = this.#changeOf(key, work)
    const age = change.overAt === null ? {} : { msAgo: performance.now() - change.overAt }
    change.listeners.add(say)
    const answered = new AbortController()
    const late = wait(this.#waitMs, undefined, { signal: AbortSignal.any([signal, answered.signal]) })
    const result = change.result.then((made) => ({ result: made, ...age }))
    try {
      return await Promise.race([result, late.then(() => ({ said: change.said }))])
    } catch (error) {
      signal.throwIfAborted() // the timer throws an error of its own
      throw error
    } finally {
      answered.abort()
      change.listeners.delete(say)
      const isLeft = signal.aborted && change.listeners.size === 0
      if (isLeft) change.stop.abort(signal.reason)
      if ((isLeft || change.overAt !== null) && this.#change === change) this.#change = null
    }
  }

  /** Stops the change that is under way. It may still be ending. */
  stop(): void {
    this.#change?.stop.abort()
  }

  #changeOf(key: string, work: Work<Result>): Change<Result> {
    const known = this.#change
    if (known?.key === key) return known
    if (known && known.overAt === null)
      throw new UserError('another change is being made', 'call again when it is done; one is made at a time')
    const stop = new AbortController()
    const listeners = new Set<Say>()
    const say = (text: string) => {
      change.said = text
      for (const tell of listeners) tell(text)
    }
    const result = Promise.resolve().then(() => work(stop.signal, say))
    const change: Change<Result> = { key, result, stop, listeners, said: 'it has begun', overAt: null }
    const over = () => {
      change.overAt = performance.now()
    }
    result.then(over, over)
    this.#change = change
    return change
  }
}
