import { asksInTitle } from '../asking.ts'
import type { Past } from './recipes-past.ts'

const FEWEST = 5 // commits
const MOST = 0.5 // of all
const SAME = 0.5 // Jaccard's index

/**
 * For each word of the titles the additions that say it ('driver', 'flag'), as positions in `past`; the most frequent first.
 *
 * Finds the kinds of things that touch other files each time, which clusters by files do not. A group that is much the same as
 * a known one, or as one before it, is left out. O(terms x groups).
 */
export function sharedWordGroups(
  past: readonly Past[],
  known: readonly (readonly number[])[],
): { word: string; group: readonly number[] }[] {
  const byTerm = new Map<string, number[]>()
  past.forEach(({ terms }, at) => {
    for (const term of terms) {
      const holders = byTerm.get(term)
      if (holders) holders.push(at)
      else byTerm.set(term, [at])
    }
  })
  const taken = known.map((group) => new Set(group))
  const groups: { word: string; group: readonly number[] }[] = []
  for (const [word, group] of [...byTerm].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))) {
    if (asksInTitle(word) || group.length < FEWEST || group.length > MOST * past.length) continue
    if (taken.some((other) => overlap(other, group) > SAME)) continue
    taken.push(new Set(group))
    groups.push({ word, group })
  }
  return groups
}

function overlap(a: ReadonlySet<number>, b: readonly number[]): number {
  const both = b.filter((one) => a.has(one)).length
  return both / (a.size + b.length - both)
}
