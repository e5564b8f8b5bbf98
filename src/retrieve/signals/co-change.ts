import { shownPath } from '../../paths.ts'
import type { RepoPath } from '../../types.ts'
import { type Hits, hitsOfParts, type State } from '../signal.ts'
import { changedIn, howOften } from './changed-in.ts'

const MOST_COMMITS = 60 // per seed, newest first

/**
 * Files that changed in the same commits as the seeds, weighted by commit size and age (Zimmermann et al. 2004, with damping).
 *
 * seeds: paths with weights above 0. A partner's score is the share of the seed's commits that it was in, narrow commits
 * counting more, times the seed's weight. O(seeds x commits x width).
 */
export function coChangeHits({ store, worktree }: State, seeds: ReadonlyMap<RepoPath, number>): Hits {
  const hits = hitsOfParts()
  for (const [seed, weight] of seeds) {
    const commits = store.history.commitsOf(worktree, seed, MOST_COMMITS)
    for (const [path, { share, together }] of changedIn({ store, worktree }, commits)) {
      const why = () => `changes with ${shownPath(seed)} in ${howOften(together, commits.length)} to it`
      if (path !== seed) hits.add(path, weight * share, why)
    }
  }
  return hits.best()
}
