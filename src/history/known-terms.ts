import type { RepoPath } from '../types.ts'
import { termsOf } from '../words.ts'
import type { MainlineCommit } from './read-mainline.ts'

/**
 * Whether a path of the repository said a term before one of these commits. commits: newest first; a path that none of them made was there before
 * them. at: the position of the commit. Linear in their changes.
 */
export function knownBefore(
  commits: readonly Pick<MainlineCommit, 'changes'>[],
): (at: number) => (term: string) => boolean {
  const made = new Map<RepoPath, number>()
  commits.forEach(({ changes }, at) => {
    for (const { kind, path } of changes) made.set(path, kind === 'created' ? at : Number.POSITIVE_INFINITY)
  })
  const said = new Map<string, number>()
  for (const [path, at] of made) for (const term of termsOf(path)) said.set(term, Math.max(said.get(term) ?? -1, at))
  return (at) => (term) => (said.get(term) ?? -1) > at
}
