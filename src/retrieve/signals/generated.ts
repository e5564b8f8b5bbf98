import type { RepoPath } from '../../types.ts'
import type { Hit, Hits } from '../signal.ts'

/**
 * Files that a tool writes, of those that changed with the likeliest files: indexes, mocks, names of constants. Their text is not read, so no word
 * speaks for them, and they are changed more often than their history tells. Linear in the partners.
 */
export function generatedHits(partners: Hits, isGenerated: (path: RepoPath) => boolean): Hits {
  const hit: Hit = { score: 1, why: () => 'is written by a tool' }
  return new Map([...partners.keys()].filter(isGenerated).map((path) => [path, hit]))
}
