/**
 * Who may write a database within this process. SQLite lets a connection wait for another one, but within one thread both would wait for ever. So
 * long work (a pass, an agent) runs one after the other, and nobody refreshes the facts meanwhile.
 */
export class Turns {
  #works: Promise<unknown> = Promise.resolve()
  #waiting = 0
  readonly #refreshes = new Set<Promise<unknown>>()

  /** Whether long work runs, or waits for its turn. */
  get isTaken(): boolean {
    return this.#waiting > 0
  }

  /** Resolves when no long work runs or waits. */
  async idle(): Promise<void> {
    while (this.isTaken) await this.#works
  }

  /** Runs a refresh after those that began before, and long work waits for it. Call it only while the turn is not taken. */
  async refresh<T>(work: () => Promise<T>): Promise<T> {
    const refresh = Promise.allSettled([...this.#refreshes]).then(work)
    this.#refreshes.add(refresh)
    try {
      return await refresh
    } finally {
      this.#refreshes.delete(refresh)
    }
  }

  /** Runs long work when it is its turn. Throws the signal's reason if that comes first. */
  async take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#works
    this.#waiting++
    const own = (async () => {
      await until(before, signal)
      await Promise.allSettled(this.#refreshes)
      signal?.throwIfAborted()
      return work()
    })()
    this.#works = Promise.allSettled([before, own]).then(() => this.#waiting--)
    return own
  }
}

/** Waits for a promise, or throws the signal's reason. */
async function until(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  let leave = () => {}
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(signal?.reason)
  })
  signal?.addEventListener('abort', leave, { once: true })
  try {
    await Promise.race([promise, left])
  } finally {
    signal?.removeEventListener('abort', leave)
  }
}

const ALL = new Map<string, Turns>()

/** Those of a database, whoever opened it: linked working trees share one. */
export function turnsOf(database: string): Turns {
  const known = ALL.get(database)
  if (known) return known
  const turns = new Turns()
  ALL.set(database, turns)
  return turns
}
