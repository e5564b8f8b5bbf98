import type { RepoPath } from '../types.ts'
import { probabilityOf } from './probability.ts'
import { alike, type Seen, sharesWithSeed, shareWith } from './shares.ts'

/** Past commits: those that HEAD can see, or any older state. */
export interface Past {
  /** Commits that changed a path, newest first, without wide ones. */
  commitsOf(path: RepoPath, limit: number): readonly { readonly id: number }[]
  /** The newest commits without wide ones, newest first. */
  newest(limit: number): readonly { readonly id: number }[]
  /** Paths that each commit changed. */
  pathsOf(commits: readonly { readonly id: number }[]): ReadonlyMap<number, readonly RepoPath[]>
}

/** A file that usually changes with the changed ones. */
export interface Companion {
  readonly path: RepoPath
  /** Probability that the change is incomplete without it. */
  readonly probability: number
  /** The changed file with the strongest evidence: the companion changed in `times` of the last `of` commits of `seed`. */
  readonly seed: RepoPath
  readonly times: number
  readonly of: number
  /** It changed in `times` of the `of` past commits that are most similar to this change. */
  readonly alike: { readonly times: number; readonly of: number }
}

/** Files with a lower probability are not named. At this threshold at least six in ten named files are right (docs/results.md#check). */
export const LEAST = 0.5
export const MOST_CHANGED = 100 // files; a wider change is a sweep, which seldom lacks a file
const LOOKED_AT = 30 // commits a file
const NEWEST = 300 // commits that show how often a file changes at all
const FEWEST_TIMES = 2

/**
 * Files that changed together with the changed files in the past and are not among them, most probable first. changed:
 * paths as in HEAD. exists: whether a path exists and may thus be missing. O(changed x commits x width).
 */
export function likelyCompanions(
  past: Past,
  changed: readonly RepoPath[],
  exists: (path: RepoPath) => boolean,
): Companion[] {
  if (changed.length === 0 || changed.length > MOST_CHANGED) return []
  const read = (commits: readonly { readonly id: number }[]): Seen[] => {
    const paths = past.pathsOf(commits)
    return commits.map(({ id }) => ({ id, paths: paths.get(id) ?? [] }))
  }
  const among = new Set(changed)
  const seeds = changed.map((seed) => ({ seed, commits: read(past.commitsOf(seed, LOOKED_AT)) }))
  const likeThis = alike(seeds, among)
  const newest = read(past.newest(NEWEST))
  const found = new Map<RepoPath, Omit<Companion, 'probability' | 'alike'> & { readonly share: number }>()
  for (const { seed, commits } of seeds)
    for (const [path, { times, share }] of sharesWithSeed(commits)) {
      if (times < FEWEST_TIMES || among.has(path) || share <= (found.get(path)?.share ?? 0)) continue
      found.set(path, { path, seed, times, of: commits.length, share })
    }
  const always = shareWith(newest)
  return [...found.values()]
    .filter(({ path }) => exists(path))
    .map(({ share: withSeed, ...candidate }) => {
      const { share, times, of } = likeThis(candidate.path)
      const signs = { withSeed, alike: share, always: always(candidate.path), changed: changed.length }
      return { ...candidate, probability: probabilityOf(signs), alike: { times, of } }
    })
    .sort((a, b) => b.probability - a.probability || (a.path < b.path ? -1 : 1))
}
