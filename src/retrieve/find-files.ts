import type { LearnedRanking } from '../store/learning.ts'
import type { Store } from '../store/open-store.ts'
import { ALTERNATIVES, CHOSEN_AMONG, SHIPPED } from './alternatives.ts'
import { nameFiles, type RankedFile } from './name-files.ts'
import { rankFiles } from './rank-files.ts'

/** The files of a request, ranked and named, in the way that the past of this working tree has taught if the gate let it through. */
export function findFiles(store: Store, worktree: number, request: string): RankedFile[] {
  const learned = learnedRanking(store, worktree)
  const isOfPast = learned !== null && store.history.reaches(worktree, learned.newest) // else of another branch, or of later
  const adopted = isOfPast && learned.adopted && ALTERNATIVES.find(({ name }) => name === learned.choice)
  const { weights, shift } = adopted || SHIPPED
  return nameFiles(rankFiles(store, worktree, request, weights), shift)
}

/** What was learned last, if it was chosen among the weights of today: what was best among others may not be now. */
export function learnedRanking(store: Store, worktree: number): LearnedRanking | null {
  const learned = store.learning.ranking(worktree)
  return learned?.among === CHOSEN_AMONG ? learned : null
}
