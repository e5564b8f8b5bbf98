import type { Store } from '../store/open-store.ts'

/** What each term is worth: log of all files over the source files that hold it, or over the others where no source file does (after Sparck Jones 1972). Terms that no file holds are left out. One or two counts of a search a term. */
export function termRarity(store: Store, worktree: number, terms: readonly string[]): ReadonlyMap<string, number> {
  const total = store.facts.fileCount(worktree)
  const rarity = new Map<string, number>()
  for (const term of new Set(terms)) {
    const frequency = store.search.frequency(worktree, term)
    if (frequency > 0) rarity.set(term, Math.log(1 + total / frequency))
  }
  return rarity
}
