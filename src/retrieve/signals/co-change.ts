import { shownPath } from '../../paths.ts'
import type { RepoPath } from '../../types.ts'
import { type Hits, hitsOfParts, type State } from '../signal.ts'
import { fade } from './fade.ts'

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
      const why = () => `changes with ${shownPath(seed)} in ${times(together, commits.length)} to it`
      if (path !== seed) hits.add(path, weight * share, why)
    }
  }
  return hits.best()
}

/** 'in' them: '3 of the last 4 commits'. */
export function times(together: number, of: number): string {
  return of === 1 ? 'the one commit' : `${together} of the last ${of} commits`
}

/**
 * Each path that the commits changed together with others: in how many of them, and in what share of them all, narrow and new commits counting more.
 * A merged pull request is one beside its commits, so that one of a single commit counts twice: the store does not know merges.
 * A commit of one file says what is worked on, not what goes with what: counted too, it finds less (docs/tried.md).
 */
export function changedIn(
  { store, worktree }: State,
  commits: readonly { readonly id: number; readonly width: number; readonly position: number }[],
): Map<RepoPath, { readonly share: number; readonly together: number }> {
  const changed = new Map<RepoPath, { weight: number; together: number }>()
  const paths = store.history.pathsOf(
    worktree,
    commits.filter(({ width }) => width > 1),
  )
  let total = 0
  for (const { id, width, position } of commits) {
    const worth = fade(position) / Math.log2(1 + width)
    total += worth
    for (const path of paths.get(id) ?? []) {
      const known = changed.get(path) ?? { weight: 0, together: 0 }
      changed.set(path, { weight: known.weight + worth, together: known.together + 1 })
    }
  }
  // + 1: one commit together is no habit
  return new Map([...changed].map(([path, { weight, together }]) => [path, { share: weight / (total + 1), together }]))
}
