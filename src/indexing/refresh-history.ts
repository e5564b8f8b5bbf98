import type { Repo } from '../repo/open-repo.ts'
import type { Store } from '../store/open-store.ts'
import { commitsToLearn, learnCommits, type RefreshOptions } from './refresh-facts.ts'

/**
 * Brings only the history of a working tree up to date, for code that reads no file contents. Returns the working tree's
 * id. With a cold database, 3,000 commits take about a second; refreshFacts() would parse every file first.
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
