import { groupBy } from '../../groups.ts'
import { shownPath } from '../../paths.ts'
import type { RepoPath } from '../../types.ts'
import type { Hit, Hits } from '../signal.ts'

/**
 * Files that are named like a seed elsewhere: `x.ts` and `x.vue.ts`, the same file in sibling packages. Deeper equal paths count more.
 * seeds: paths with weights above 0. Linear in the candidates.
 */
export function mirrorHits(candidates: Iterable<RepoPath>, seeds: ReadonlyMap<RepoPath, number>): Hits {
  const byStem = groupBy(seeds, ([seed]) => stemOf(seed))
  const hits = new Map<RepoPath, Hit>()
  for (const path of candidates) {
    let score = 0
    let like = ''
    for (const [seed, weight] of byStem.get(stemOf(path)) ?? []) {
      if (seed === path) continue
      like ||= seed
      score += weight * alike(seed, path)
    }
    if (score > 0) hits.set(path, { score, why: () => `is named like ${shownPath(like)}` })
  }
  return hits
}

/** 'src/useQuery.test.ts' is 'usequery'. */
function stemOf(path: RepoPath): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.indexOf('.', 1)
  return (dot < 0 ? name : name.slice(0, dot)).toLowerCase()
}

/** Share of the folders that stand in both paths, in order from the end and from the beginning. */
function alike(a: RepoPath, b: RepoPath): number {
  const [some, others] = [a.split('/').slice(0, -1), b.split('/').slice(0, -1)]
  const shorter = Math.min(some.length, others.length)
  let head = 0
  while (head < shorter && some[head] === others[head]) head++
  let tail = 0
  while (tail < shorter - head && some.at(-1 - tail) === others.at(-1 - tail)) tail++
  return (1 + head + tail) / (1 + Math.max(some.length, others.length))
}
