import type { RepoPath } from '../../types.ts'
import type { Hit, Hits } from '../signal.ts'

/**
 * Files in the part of the repository that the title names before its colon: 'feat(vue-query): ...', 'reverseproxy: ...'.
 * A folder or file of that name counts fully, one that has it as a part ('packages/query-core' for 'core') a quarter. Linear in the candidates.
 */
export function scopeHits(candidates: Iterable<RepoPath>, scope: string | null): Hits {
  const hits = new Map<RepoPath, Hit>()
  const wanted = scope?.split('/').filter(Boolean).at(-1)
  if (!wanted) return hits
  for (const path of candidates) {
    const names = path.toLowerCase().split('/')
    names.push(names.at(-1)!.replace(/\.\w+$/, ''))
    const isNamed = names.includes(wanted)
    const isPart = names.some((name) => name.split(/[-_.]/).includes(wanted))
    if (isNamed || isPart)
      hits.set(path, { score: isNamed ? 1 : 0.25, why: () => `its path says ${wanted}, which the title names` })
  }
  return hits
}
