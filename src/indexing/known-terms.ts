import type { MainlineCommit } from '../history/read-mainline.ts'
import type { IsKnown } from '../recipes/match-recipe.ts'
import { termsOf } from '../request/words.ts'
import type { RepoPath } from '../types.ts'

/**
 * Returns a function from the position of a commit to a test: did some path hold all of these terms before that commit?
 * commits: newest first. paths: those that exist after the newest commit; a path that none of the commits created existed
 * before them. Linear in the changes; a test is then linear in the paths that hold the rarest term.
 */
export function knownBefore(
  commits: readonly Pick<MainlineCommit, 'changes'>[],
  paths: Iterable<RepoPath>,
): (at: number) => IsKnown {
  const made = new Map<RepoPath, number>()
  for (const path of paths) made.set(path, Number.POSITIVE_INFINITY)
  commits.forEach(({ changes }, at) => {
    for (const { kind, path, renamedTo } of changes) {
      if (renamedTo !== null) made.set(renamedTo, at)
      made.set(path, kind === 'created' ? at : Number.POSITIVE_INFINITY)
    }
  })
  const saying = new Map<string, Set<RepoPath>>()
  for (const path of made.keys())
    for (const term of termsOf(path)) saying.set(term, (saying.get(term) ?? new Set()).add(path))
  return (at) => (terms) => {
    const [rarest = [], ...others] = terms
      .map((term) => saying.get(term) ?? new Set<RepoPath>())
      .sort((a, b) => a.size - b.size)
    return [...rarest].some((path) => made.get(path)! > at && others.every((some) => some.has(path)))
  }
}
