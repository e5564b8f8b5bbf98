import { listFiles } from '../../src/repo/list-files.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { reachableCommits, readCommits } from '../../src/repo/read-commits.ts'
import type { Store } from '../../src/store/open-store.ts'

export interface RefreshOptions {
  readonly maxFileBytes: number
  /** How many past commits count. */
  readonly maxCommits: number
  readonly processes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface RefreshReport {
  readonly worktree: number
  readonly changed: boolean
  /** Paths put, changed or removed. */
  readonly files: number
  readonly parsed: number
  /** Contents that the parser gave up on or threw at. */
  readonly problems: number
  readonly commits: number
  readonly ms: number
}

/**
 * Brings the facts of a working tree up to date: files, parsed contents, full text, imports, history.
 *
 * Reads and parses only contents that the database has never seen. What is parsed is kept even when interrupted; the
 * working tree's own tables change in one transaction, so a reader sees the old state or the new. The result is the same
 * whether it came from nothing or step by step.
 */
export async function refreshFacts(repo: Repo, store: Store, options: RefreshOptions): Promise<RefreshReport> {
  const started = performance.now()
  const [listing, commits] = await Promise.all([
    listFiles(repo.root, options.maxFileBytes),
    store.facts.worktree(repo.root).history === repo.head
      ? null
      : reachableCommits(repo.root, repo.head, options.maxCommits),
  ])
  const { id: worktree, listing: before } = store.facts.worktree(repo.root)
  const changed = before !== listing.digest
  // Loaded only when something has changed: most of the time nothing has, and then starting up is all that takes time.
  const work = changed ? { ...(await import('./parse-new.ts')), ...(await import('./put-tree.ts')) } : null
  const [parsing] = await Promise.all([
    work ? work.parseNew(repo, store, listing, options) : { parsed: 0, problems: 0 },
    commits ? learnCommits(repo, store, commits) : undefined,
  ])
  let files = 0
  if (changed || commits) {
    store.db.transaction(() => {
      if (work) files = work.putTree(repo, store, worktree, listing)
      if (commits) {
        store.history.prepare(worktree)
        store.history.setReach(worktree, repo.head, commits)
      }
    })
  }
  return {
    worktree,
    changed,
    files,
    ...parsing,
    commits: store.history.count(worktree),
    ms: performance.now() - started,
  }
}

async function learnCommits(repo: Repo, store: Store, hashes: readonly string[]): Promise<void> {
  const unknown = hashes.filter((hash) => !store.history.knows(hash))
  const commits = await readCommits(repo.root, unknown)
  store.db.transaction(() => {
    for (const commit of commits) store.history.saveCommit(commit)
  })
}
