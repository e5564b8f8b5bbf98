import type { Secret } from './secret.ts'

const MOST_WORK = 5 // compared characters for each one of a text; a list of secrets needs less than two
const FREE_WORK = 100_000
const BITS = 18 // of the filter

/** Finds any number of values in a text in one pass. */
export interface ValueFinder {
  readonly size: number
  has(value: string): boolean
  /** Shorter values than the finder is made for are left out. */
  add(value: string, kind: string): void
  /** Where values occur, also those that overlap. The whole text, if very many places look like one: the time is linear for any text. */
  placesIn(text: string): readonly Secret[]
}

/** least: characters of the shortest value. */
export function valueFinder(least: number): ValueFinder {
  const kinds = new Map<string, string>()
  const byStart = new Map<string, string[]>() // values by their first `least` characters
  const filter = new Uint8Array(2 ** BITS) // 1: a value may start with such characters
  const [third, half, last] = [Math.floor(least / 3), Math.floor(least / 2), least - 1]
  const sampleAt = (text: string, at: number) =>
    (text.charCodeAt(at) ^
      (text.charCodeAt(at + third) << 4) ^
      (text.charCodeAt(at + half) << 8) ^
      (text.charCodeAt(at + last) << 11)) &
    (2 ** BITS - 1)
  return {
    get size() {
      return kinds.size
    },
    has: (value) => kinds.has(value),
    add(value, kind) {
      if (value.length < least) return
      if (!kinds.has(value)) {
        const start = value.slice(0, least)
        const alike = byStart.get(start)
        if (alike) alike.push(value)
        else byStart.set(start, [value])
        filter[sampleAt(value, 0)] = 1
      }
      kinds.set(value, kind)
    },
    placesIn(text) {
      const places: Secret[] = []
      if (kinds.size === 0) return places
      let work = -FREE_WORK
      for (let from = 0; from + least <= text.length; from++) {
        if (filter[sampleAt(text, from)] === 0) continue
        for (const value of byStart.get(text.slice(from, from + least)) ?? []) {
          work += least + value.length
          if (work > MOST_WORK * text.length) return [wholeText(text)]
          if (text.startsWith(value, from))
            places.push({ kind: kinds.get(value)!, from, to: from + value.length, isExact: true })
        }
      }
      return places
    },
  }
}

export const MANY = 'text with very many secrets'

/** A text that counts as one secret. */
export function wholeText(text: string): Secret {
  return { kind: MANY, from: 0, to: text.length, isExact: false }
}
