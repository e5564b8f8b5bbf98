import type { RepoPath } from '../types.ts'

export interface Seen {
  readonly id: number
  readonly paths: readonly RepoPath[]
}

const FADE = 0.9 // weight of a commit, against the next newer one of the same file
const DOUBT = 1 // Laplace smoothing: one commit without the file is added

/** For each path in the commits of one file, newest first: how often it is there, and its share of them with older ones fading. */
export function sharesWithSeed(commits: readonly Seen[]): Map<RepoPath, { times: number; share: number }> {
  const found = new Map<RepoPath, { times: number; share: number }>()
  const total = commits.reduce((sum, _, at) => sum + FADE ** at, DOUBT)
  for (const [at, { paths }] of commits.entries())
    for (const path of paths) {
      const { times, share } = found.get(path) ?? { times: 0, share: 0 }
      found.set(path, { times: times + 1, share: share + FADE ** at / total })
    }
  return found
}

/** The share of these commits that changed a path. */
export function shareWith(commits: readonly Seen[]): (path: RepoPath) => number {
  const times = new Map<RepoPath, number>()
  for (const { paths } of commits) for (const path of paths) times.set(path, (times.get(path) ?? 0) + 1)
  return (path) => (times.get(path) ?? 0) / Math.max(1, commits.length)
}

const NEAREST = 8 // commits
const STRANGE = 0.3 // added to the weights: a path in few, unlike commits gets a low share

/**
 * The share of the past commits most like this change (cosine of their sets of files) that changed a path, weighted by
 * likeness. Of equals the newer counts.
 */
export function alike(
  seeds: readonly { readonly commits: readonly Seen[] }[],
  changed: ReadonlySet<RepoPath>,
): (path: RepoPath) => { readonly times: number; readonly of: number; readonly share: number } {
  const age = new Map<number, number>() // place in the newest list that holds it: order of time within a file
  const all = new Map<number, Seen>()
  for (const { commits } of seeds)
    for (const [at, commit] of commits.entries()) {
      all.set(commit.id, commit)
      age.set(commit.id, Math.min(age.get(commit.id) ?? at, at))
    }
  const nearest = [...all.values()]
    .map(({ id, paths }) => {
      const shared = paths.filter((path) => changed.has(path)).length
      return { id, paths: new Set(paths), weight: shared / Math.sqrt(changed.size * paths.length) }
    })
    .sort((a, b) => b.weight - a.weight || age.get(a.id)! - age.get(b.id)! || b.id - a.id)
    .slice(0, NEAREST)
  const total = nearest.reduce((sum, { weight }) => sum + weight, STRANGE)
  return (path) => {
    const holding = nearest.filter(({ paths }) => paths.has(path))
    const share = holding.reduce((sum, { weight }) => sum + weight, 0) / total
    return { times: holding.length, of: nearest.length, share }
  }
}
