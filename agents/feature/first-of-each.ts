import type { RepoPath } from '../../src/types.ts'
import type { SearchHit } from './workspace.ts'

/** The first matches of every file, `most` of each, so that one file of many does not hide the others. */
export function firstOfEach(hits: readonly SearchHit[], most: number): SearchHit[] {
  const counts = new Map<RepoPath, number>()
  return hits.filter(({ path }) => {
    const count = (counts.get(path) ?? 0) + 1
    counts.set(path, count)
    return count <= most
  })
}
