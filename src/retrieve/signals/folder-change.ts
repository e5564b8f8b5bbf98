import { folderStart, shownPath } from '../../paths.ts'
import type { RepoPath } from '../../types.ts'
import { type Hits, hitsOfParts, type State } from '../signal.ts'
import { changedIn, howOften } from './changed-in.ts'

const MOST_COMMITS = 60 // per folder, newest first

/**
 * Files that changed in the commits that changed something in a seed's folder (logical coupling, Gall et al. 1998): what a new member
 * of the folder is entered in, whichever of its files a commit was about.
 *
 * seeds: paths with weights above 0. O(folders x commits x width).
 */
export function folderChangeHits({ store, worktree }: State, seeds: ReadonlyMap<RepoPath, number>): Hits {
  const folders = new Map<string, number>()
  for (const [seed, weight] of seeds) {
    const folder = folderStart(seed)
    if (folder) folders.set(folder, (folders.get(folder) ?? 0) + weight)
  }
  const hits = hitsOfParts()
  for (const [folder, weight] of folders) {
    const commits = store.history.commitsInFolder(worktree, folder, MOST_COMMITS)
    for (const [path, { share, together }] of changedIn({ store, worktree }, commits)) {
      const why = () => `changed with others in ${howOften(together, commits.length)} to ${shownPath(folder)}`
      hits.add(path, weight * share, why)
    }
  }
  return hits.best()
}
