import { Heartbeats } from './heartbeat.ts'

/** Something changed. The event has no more: git gives the present state. */
export interface TreeEvent {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Relative to the repository's top folder; git's own files are '.git/HEAD' and so on; '' if unknown. */
  readonly path: string
}

/** The newest activity: its probable source, and the number of paths in a burst. */
export interface Active {
  readonly at: number
  readonly path: string
  readonly by: 'developer' | 'git' | 'burst'
  /** Distinct paths of the burst so far; 1 otherwise. */
  readonly files: number
}

const WINDOW_MS = 10_000
const BURST_FILES = 20 // in a window: nobody saves so many by hand
const MOST_COUNTED = 20_000

/**
 * Classifies the events of a watcher: a developer at work, a program that writes many files, or a periodic write. Memory is bounded.
 */
export class Activity {
  readonly #heartbeats = new Heartbeats()
  readonly #paths = new Set<string>()
  #since = -Infinity
  #last: Active | null = null

  /** Processes an event. Returns whether it counts as activity. O(1). */
  note({ at, path }: TreeEvent): boolean {
    if (path !== '' && this.#heartbeats.note(path, at)) return false
    const isQuiet = this.#last === null || at - this.#last.at > WINDOW_MS
    // a burst lasts as long as its events; slow single saves begin a new window every ten seconds
    if (isQuiet || (this.#paths.size < BURST_FILES && at - this.#since > WINDOW_MS)) {
      this.#paths.clear()
      this.#since = at
    }
    if (this.#paths.size < MOST_COUNTED) this.#paths.add(path)
    const files = this.#paths.size
    const by = files >= BURST_FILES ? 'burst' : path.startsWith('.git/') ? 'git' : 'developer'
    this.#last = { at, path, by, files: by === 'burst' ? files : 1 }
    return true
  }

  get last(): Active | null {
    return this.#last
  }

  /** Paths that change periodically, and are ignored. */
  get heartbeats() {
    return this.#heartbeats.list()
  }
}
