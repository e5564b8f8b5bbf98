import type { Store } from '../store/open-store.ts'

/** What each term is worth: log of how rare it is among the source files, or among the others where no source file holds it (Robertson & Sparck Jones 1976). Terms that no file holds are left out. One index look-up a term. */
export function termRarity(store: Store, worktree: number, terms: readonly string[]): ReadonlyMap<string, number> {
  const total = store.facts.fileCount(worktree)
  const rarity = new Map<string, number>()
  for (const term of new Set(terms)) {
    const frequency = store.search.frequency(worktree, term)
    if (frequency > 0) rarity.set(term, Math.log(1 + total / frequency))
  }
  return rarity
}
