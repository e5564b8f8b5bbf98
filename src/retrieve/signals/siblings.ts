import { folderStart, shownPath } from '../../paths.ts'
import type { RepoPath } from '../../types.ts'
import type { Hit, Hits } from '../signal.ts'

/** Files in the folder of a seed: a new provider looks like the other providers. seeds: paths with weights above 0. Linear in the candidates. */
export function siblingHits(candidates: Iterable<RepoPath>, seeds: ReadonlyMap<RepoPath, number>): Hits {
  const folders = new Map<string, { weight: number; seed: RepoPath }>()
  for (const [seed, weight] of seeds) {
    const known = folders.get(folderStart(seed))
    folders.set(folderStart(seed), { weight: (known?.weight ?? 0) + weight, seed: known?.seed ?? seed })
  }
  const hits = new Map<RepoPath, Hit>()
  for (const path of candidates) {
    const { weight, seed } = folders.get(folderStart(path)) ?? { weight: 0, seed: path }
    const score = weight - (seeds.get(path) ?? 0)
    if (score > 1e-9) hits.set(path, { score, why: () => (seed === path ? '' : `stands beside ${shownPath(seed)}`) })
  }
  return hits
}
