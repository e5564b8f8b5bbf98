import type { Hit, Hits, WorkingTree } from '../signal.ts'
import { fade } from './fade.ts'

const MOST_COMMITS = 150
const HALF_LIFE = 40 // commits
const MOST_FILES = 50 // files

/**
 * Files that the newest commits changed: what changed lately changes again (Hassan & Holt 2005). The weight of a commit
 * halves every 40 commits; wide commits are damped.
 */
export function recencyHits({ store, worktree }: WorkingTree): Hits {
  const hits = new Map<string, Hit>()
  const commits = store.history.newest(worktree, MOST_COMMITS).filter(({ width }) => width <= MOST_FILES)
  const paths = store.history.pathsOf(worktree, commits)
  for (const { id, width, position } of commits) {
    const weight = fade(position, HALF_LIFE) / Math.sqrt(width)
    for (const path of paths.get(id)!) {
      const { score, why } = hits.get(path) ?? { score: 0, why: () => changedAt(position) }
      hits.set(path, { score: score + weight, why })
    }
  }
  return hits
}

function changedAt(position: number): string {
  if (position === 0) return 'changed by the newest commit'
  return `changed ${position} commit${position === 1 ? '' : 's'} ago, wide ones aside`
}
