import type { RequestTerms } from '../request/request-terms.ts'
import type { Store } from '../store/open-store.ts'
import type { RepoPath } from '../types.ts'

/** The input of a signal. */
export interface Question {
  readonly store: Store
  readonly worktree: number
  readonly request: RequestTerms
  /** Rarity of each term of the request that some file holds. */
  readonly rarity: ReadonlyMap<string, number>
}

export interface Hit {
  /** At or above 0, larger is better; comparable only within one signal. */
  readonly score: number
  /** The evidence in a few words: 'changes with src/b.ts in 7 of the last 9 small commits to it'; '': none. Computed for listed files only. */
  readonly why: () => string
}

export type Hits = ReadonlyMap<RepoPath, Hit>

/** A working tree whose facts are in the store. Signals that start from paths instead of words need nothing else. */
export type WorkingTree = Pick<Question, 'store' | 'worktree'>

/** Hits on the best `most` paths of a score map. */
export function bestHits(scores: ReadonlyMap<RepoPath, number>, why: (path: RepoPath) => string, most = 200): Hits {
  const best = [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most)
  return new Map(best.map(([path, score]) => [path, { score, why: () => why(path) }]))
}

/** Hits whose scores are sums of parts. The largest part is the evidence. */
export function hitsOfParts() {
  const scores = new Map<RepoPath, number>()
  const largest = new Map<RepoPath, { readonly part: number; readonly why: () => string }>()
  return {
    add(path: RepoPath, part: number, why: () => string): void {
      scores.set(path, (scores.get(path) ?? 0) + part)
      if (part > (largest.get(path)?.part ?? 0)) largest.set(path, { part, why })
    },
    best: () => bestHits(scores, (path) => largest.get(path)!.why()),
  }
}
