import type { Hit, Hits, Place } from '../signal.ts'

const MOST_COMMITS = 150
const HALF_LIFE = 40 // commits

/** Files that the newest commits changed, halving every 40 commits, wide commits damped. */
export function recencyHits({ store, worktree }: Place): Hits {
  const hits = new Map<string, Hit>()
  for (const { id, width, position } of store.history.newest(worktree, MOST_COMMITS)) {
    if (width > 50) continue
    const weight = 2 ** (-position / HALF_LIFE) / Math.sqrt(width)
    for (const path of store.history.pathsOf(worktree, id)) {
      hits.set(path, {
        score: (hits.get(path)?.score ?? 0) + weight,
        why: hits.get(path)?.why ?? (() => `changed ${position + 1} commits ago`),
      })
    }
  }
  return hits
}
