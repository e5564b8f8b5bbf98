import type { RepoPath } from '../types.ts'

export interface Seen {
  readonly id: number
  readonly paths: readonly RepoPath[]
}

const FADE = 0.9 // each commit of a file weighs this fraction of the next newer one
const DOUBT = 1 // Laplace smoothing: one commit without the file is added

/** For each path in the commits of one file (newest first): how many of them changed it, and in what share. Older ones weigh less. */
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

/** A function from a path to the share of these commits that changed it. */
export function shareWith(commits: readonly Seen[]): (path: RepoPath) => number {
  const times = new Map<RepoPath, number>()
  for (const { paths } of commits) for (const path of paths) times.set(path, (times.get(path) ?? 0) + 1)
  return (path) => (times.get(path) ?? 0) / Math.max(1, commits.length)
}

const NEAREST = 8 // commits
const STRANGE = 0.3 // added to the sum of weights, so that a path in few or dissimilar commits gets a low share

/**
 * A function from a path to its share of the past commits most similar to this change. Similarity is the cosine of the
 * sets of files; it is also the weight of a commit. Among equally similar commits the newer ones are taken.
 */
export function alike(
  seeds: readonly { readonly commits: readonly Seen[] }[],
  changed: ReadonlySet<RepoPath>,
): (path: RepoPath) => { readonly times: number; readonly of: number; readonly share: number } {
  const age = new Map<number, number>() // the commit's position in the list in which it is newest
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
