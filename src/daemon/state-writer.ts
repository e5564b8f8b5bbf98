import type { Log } from './log.ts'
import { saveState, type WatchState } from './state.ts'

const EVERY_MS = 1000

/** Writes the daemon's state at most once a second; a change within that second is written at its end. */
export class StateWriter {
  readonly #db: string
  readonly #log: Log
  readonly #read: () => WatchState | null
  #writtenAt = -Infinity
  #timer: NodeJS.Timeout | null = null
  #problem = ''

  /** read: the state at that time; null: not now. */
  constructor(db: string, log: Log, read: () => WatchState | null) {
    this.#db = db
    this.#log = log
    this.#read = read
  }

  changed(): void {
    const wait = this.#writtenAt + EVERY_MS - performance.now()
    if (wait <= 0) this.#write()
    else this.#timer ??= setTimeout(() => this.#write(), wait)
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #write(): void {
    this.close()
    const state = this.#read()
    if (!state) return
    this.#writtenAt = performance.now()
    try {
      saveState(this.#db, state)
      this.#problem = ''
    } catch (error) {
      const { message } = error as Error
      if (message !== this.#problem) this.#log.write(`the state cannot be written: ${message}`)
      this.#problem = message
    }
  }
}
