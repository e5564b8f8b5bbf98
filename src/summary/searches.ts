import { madeNames } from './made-names.ts'

const MOST_NAMES = 500 // of each kind of search: a reply has a few dozen, and a search may take 20 ms

/** Searches in a source. Each name is looked for once; names after the first 500 count as not found. */
export interface Searches {
  has(name: string): boolean
  hasInAnyCase(name: string): boolean
  /** As in madeNames(). */
  makes(name: string): boolean
}

/** Gives the same object for the same ground, so that all texts of a reply share it. */
export function searchesIn(ground: { readonly text: string }): Searches {
  const begun = all.get(ground)
  if (begun) return begun
  const { text } = ground
  const lower = text.toLowerCase()
  const searches = {
    has: remembered((name) => text.includes(name)),
    hasInAnyCase: remembered((name) => lower.includes(name.toLowerCase())),
    makes: remembered(madeNames(text)),
  }
  all.set(ground, searches)
  return searches
}

const all = new WeakMap<object, Searches>()

function remembered(find: (name: string) => boolean): (name: string) => boolean {
  const answers = new Map<string, boolean>()
  return (name) => {
    const known = answers.get(name)
    if (known !== undefined || answers.size >= MOST_NAMES) return known ?? false
    const answer = find(name)
    answers.set(name, answer)
    return answer
  }
}
