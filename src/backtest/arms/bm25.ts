import type { Arm } from '../arm.ts'
import { nameFirst } from '../name-first.ts'

const DEPTH = 400

/** Full text alone: the baseline of a good search over paths, names, comments and bodies. */
export const bm25: Arm = {
  id: 'bm25',
  text: 'full text of paths, names, comments and bodies (BM25)',
  rank: (request, { store, worktree }) =>
    nameFirst(store.search.find(worktree, request.terms.terms, DEPTH).map(({ path, score }) => [path, score])),
}
