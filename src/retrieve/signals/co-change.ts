import { folderStart, shownPath } from '../../paths.ts'
import { lastCommits } from '../../text/last-commits.ts'
import type { RepoPath } from '../../types.ts'
import { type Hits, hitsOfParts, type WorkingTree } from '../signal.ts'
import { fade } from './fade.ts'

const MOST_COMMITS = 60 // per seed or folder, the newest

/**
 * Files that changed in the same commits as the seeds (Zimmermann et al. 2004, with damping). The score is the share of
 * the seed's commits that changed the file, times the seed's weight. seeds: paths with weights above 0. O(seeds x
 * commits x width).
 */
export function coChangeHits(tree: WorkingTree, seeds: ReadonlyMap<RepoPath, number>): Hits {
  const hits = hitsOfParts()
  for (const [seed, weight] of seeds) {
    const commits = tree.store.history.commitsOf(tree.worktree, seed, MOST_COMMITS)
    for (const [path, { share, together }] of changedIn(tree, commits)) {
      const why = () => `changes with ${shownPath(seed)} in ${lastCommits(together, commits.length)} to it`
      if (path !== seed) hits.add(path, weight * share, why)
    }
  }
  return hits.best()
}

/**
 * Files that changed in commits to a seed's folder (logical coupling, Gall et al. 1998). This finds files that register
 * each member of the folder, whichever member a commit added. seeds: paths with weights above 0. O(folders x commits x
 * width).
 */
export function folderChangeHits(tree: WorkingTree, seeds: ReadonlyMap<RepoPath, number>): Hits {
  const folders = new Map<string, number>()
  for (const [seed, weight] of seeds) folders.set(folderStart(seed), (folders.get(folderStart(seed)) ?? 0) + weight)
  folders.delete('')
  const hits = hitsOfParts()
  for (const [folder, weight] of folders) {
    const commits = tree.store.history.commitsInFolder(tree.worktree, folder, MOST_COMMITS)
    for (const [path, { share, together }] of changedIn(tree, commits)) {
      const why = () => `changed with others in ${lastCommits(together, commits.length)} to ${shownPath(folder)}`
      hits.add(path, weight * share, why)
    }
  }
  return hits.best()
}

/**
 * For each path, in how many of these commits it changed together with others, and in what share of all of them. Narrow
 * and new commits weigh more. A merged pull request counts in addition to its commits. A commit of one file shows what
 * is worked on, not what goes with what: it only counts in the total.
 */
function changedIn(
  { store, worktree }: WorkingTree,
  commits: ReturnType<WorkingTree['store']['history']['commitsOf']>,
) {
  const changed = new Map<RepoPath, { weight: number; together: number }>()
  const paths = store.history.pathsOf(
    worktree,
    commits.filter(({ width }) => width > 1),
  )
  let total = 1 // pseudo-count: one commit together is no habit
  for (const { id, width, position } of commits) {
    const worth = fade(position) / Math.log2(1 + width)
    total += worth
    for (const path of paths.get(id) ?? []) {
      const known = changed.get(path) ?? { weight: 0, together: 0 }
      changed.set(path, { weight: known.weight + worth, together: known.together + 1 })
    }
  }
  return [...changed].map(([path, { weight, together }]) => [path, { share: weight / total, together }] as const)
}
