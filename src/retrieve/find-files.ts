import type { LearnedRanking } from '../store/learning.ts'
import type { Store } from '../store/open-store.ts'
import { nameFiles, type RankedFile } from './name-files.ts'
import { rankFiles } from './rank-files.ts'
import { WEIGHTS } from './score.ts'

/** The files of a request, ranked and named, by the weights that the past of this working tree has taught if the gate let them through. */
export function findFiles(store: Store, worktree: number, request: string): RankedFile[] {
  const learned = learnedRanking(store, worktree)
  const { weights, shift } = learned?.adopted ? learned : { weights: {}, shift: 0 }
  return nameFiles(rankFiles(store, worktree, request, { ...WEIGHTS, ...weights }), shift)
}

/** What was learned last, if it was with the signals of today: weights say nothing beside others than those they were tried with. */
export function learnedRanking(store: Store, worktree: number): LearnedRanking | null {
  const learned = store.learning.ranking(worktree)
  const names = (weights: object) => Object.keys(weights).sort().join(' ')
  return learned && names(learned.weights) === names(WEIGHTS) ? learned : null
}
