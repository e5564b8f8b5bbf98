import { kindOfPath } from '../paths.ts'

const SAME_WRITE_MS = 500 // one write causes several events
const MOST_KEYS = 500
const LONGEST_MS = 3_600_000
const SHORTEST_MS = 1000
const REGULAR = 0.15 // maximum deviation of an interval from the median, while learning
const ON_BEAT = 0.25 // and afterwards

interface Track {
  readonly times: number[]
  /** null: not yet learned. */
  everyMs: number | null
  offBeats: number
  wasBeat: boolean
}

/**
 * Learns which paths change periodically (a server's heartbeat file, a log line a minute), so that they can be ignored.
 *
 * Source and test files never count as periodic: an editor with periodic autosave looks the same. Numbers in a name are ignored:
 * `cache/17.tmp` and `cache/18.tmp` are one path. Keeps the 500 paths that changed last.
 */
export class Heartbeats {
  readonly #tracks = new Map<string, Track>()

  /** Processes a change. Returns true if it is a beat of a periodic path. at: milliseconds since 1970. */
  note(path: string, at: number): boolean {
    const needed = intervalsNeeded(path)
    if (needed === null) return false
    const key = path.replace(/[0-9a-f]{6,}|\d+/gi, '#')
    const track = this.#take(key)
    const before = track.times.at(-1)
    if (before !== undefined && at - before < SAME_WRITE_MS) return track.wasBeat
    track.wasBeat = track.everyMs !== null && before !== undefined && isOnBeat(at - before, track.everyMs)
    if (track.everyMs !== null && !track.wasBeat && ++track.offBeats >= 2) {
      track.everyMs = null
      track.times.length = 0
      track.offBeats = 0
    } else if (track.wasBeat) track.offBeats = 0
    track.times.push(at)
    if (track.times.length > needed + 1) track.times.shift()
    track.everyMs ??= regularInterval(track.times, needed)
    return track.wasBeat
  }

  /** The learned paths, for `status`. */
  list(): { readonly path: string; readonly everyMs: number }[] {
    return [...this.#tracks].flatMap(([path, { everyMs }]) => (everyMs === null ? [] : [{ path, everyMs }]))
  }

  #take(key: string): Track {
    const known = this.#tracks.get(key) ?? { times: [], everyMs: null, offBeats: 0, wasBeat: false }
    this.#tracks.delete(key)
    this.#tracks.set(key, known) // the newest is last in the map
    if (this.#tracks.size > MOST_KEYS) this.#tracks.delete(this.#tracks.keys().next().value!)
    return known
  }
}

function intervalsNeeded(path: string): number | null {
  const kind = kindOfPath(path)
  if (kind === 'source' || kind === 'test') return null
  return kind === 'doc' ? 10 : 5
}

function regularInterval(times: readonly number[], needed: number): number | null {
  if (times.length <= needed) return null
  const intervals = times.slice(1).map((time, i) => time - times[i]!)
  const middle = [...intervals].sort((a, b) => a - b)[Math.floor(intervals.length / 2)]!
  if (middle < SHORTEST_MS || middle > LONGEST_MS) return null
  return intervals.every((one) => Math.abs(one - middle) <= REGULAR * middle) ? middle : null
}

/** One to three intervals after the last beat: a beat may be missed. */
function isOnBeat(passed: number, everyMs: number): boolean {
  const beats = Math.max(1, Math.round(passed / everyMs))
  return beats <= 3 && Math.abs(passed - beats * everyMs) <= ON_BEAT * everyMs
}
