import type { Repo } from '../repo/open-repo.ts'
import type { Store } from '../store/open-store.ts'
import { commitsToLearn, learnCommits, type RefreshOptions } from './refresh-facts.ts'

/**
 * Brings only the past of a working tree up to date, and returns its number: for what reads no contents. A cold database
 * takes about a second for 3,000 commits, where refreshFacts() would parse every file first.
 */
export async function refreshHistory(
  repo: Repo,
  store: Store,
  options: Pick<RefreshOptions, 'maxCommits' | 'signal'>,
): Promise<number> {
  const { id: worktree } = store.facts.worktree(repo.root)
  const commits = await commitsToLearn(repo, store, worktree, options)
  if (commits) {
    await store.db.whenFree(options.signal)
    await learnCommits(repo, store, worktree, options, commits)
  }
  return worktree
}
