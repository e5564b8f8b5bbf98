import type { RepoPath } from '../../types.ts'
import type { Hit, Hits } from '../signal.ts'

/**
 * Files in the part of the repository that the title names before its colon: 'feat(vue-query): ...', 'reverseproxy: ...'.
 * A folder or file of that name counts fully, one that has it as a part ('packages/query-core' for 'core') half. Linear in the candidates.
 */
export function scopeHits(candidates: Iterable<RepoPath>, scope: string | null): Hits {
  const hits = new Map<RepoPath, Hit>()
  if (scope === null) return hits
  const wanted = scope.split('/').at(-1)!
  for (const path of candidates) {
    const segments = path
      .toLowerCase()
      .split('/')
      .map((segment) => segment.replace(/\.\w+$/, ''))
    const isNamed = segments.includes(wanted)
    const isPart = segments.some((segment) => segment.split(/[-_.]/).includes(wanted))
    if (isNamed || isPart)
      hits.set(path, { score: isNamed ? 1 : 0.25, why: () => `stands in ${scope}, which the title names` })
  }
  return hits
}
