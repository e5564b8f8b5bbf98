import type { RepoPath } from '../../types.ts'
import type { State } from '../signal.ts'
import { fade } from './fade.ts'

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

/** 'changes with it in 3 of the last 4 commits'. */
export function howOften(together: number, of: number): string {
  return of === 1 ? 'the one commit' : `${together} of the last ${of} commits`
}
