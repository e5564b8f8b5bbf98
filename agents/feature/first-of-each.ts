import type { RepoPath } from '../../src/types.ts'
import type { SearchHit } from './workspace.ts'

/** The first `most` matches of each file, so that a file with many does not hide the others. */
export function firstOfEach(hits: readonly SearchHit[], most: number): SearchHit[] {
  const counts = new Map<RepoPath, number>()
  return hits.filter(({ path }) => {
    const count = (counts.get(path) ?? 0) + 1
    counts.set(path, count)
    return count <= most
  })
}
