import type { RepoPath } from '../../types.ts'
import type { Hit, Hits } from '../signal.ts'

/**
 * Files that a tool writes: indexes, mocks, names of constants. Their text is not read, so no word speaks for them, and those that changed with
 * the likeliest files are changed more often than their history tells; the others score 0. Linear in the candidates.
 *
 * partners: what changed with the likeliest files.
 */
export function generatedHits(
  candidates: Iterable<RepoPath>,
  partners: Hits,
  isGenerated: (path: RepoPath) => boolean,
): Hits {
  const why = () => 'is written by a tool, or marked as vendored'
  const hitOf = (path: RepoPath): Hit => ({ score: partners.has(path) ? 1 : 0, why })
  return new Map([...candidates].filter(isGenerated).map((path) => [path, hitOf(path)]))
}
