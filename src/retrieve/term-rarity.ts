import type { Store } from '../store/open-store.ts'

/**
 * Inverse document frequency of each term (after Sparck Jones 1972): log(1 + all files / source files that hold it), or
 * other files if no source file does. Terms that no file holds are left out. One or two full-text counts a term.
 */
export function termRarity(store: Store, worktree: number, terms: readonly string[]): ReadonlyMap<string, number> {
  const total = store.facts.fileCount(worktree)
  const rarity = new Map<string, number>()
  for (const term of new Set(terms)) {
    const frequency = store.search.frequency(worktree, term)
    if (frequency > 0) rarity.set(term, Math.log(1 + total / frequency))
  }
  return rarity
}
