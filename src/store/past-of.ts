import { WIDEST } from '../text/last-commits.ts'
import type { Store } from './open-store.ts'

const NONE: ReadonlySet<number> = new Set()

/** The stored history of a working tree, without wide commits and without some others, by their ids. */
export function pastOf({ history }: Pick<Store, 'history'>, worktree: number, leftOut = NONE) {
  const kept = <C extends { readonly id: number; readonly width: number }>(commits: readonly C[], limit: number) =>
    commits.filter(({ id, width }) => width <= WIDEST && !leftOut.has(id)).slice(0, limit)
  return {
    commitsOf: (path: string, limit: number) => kept(history.commitsOf(worktree, path, limit + leftOut.size), limit),
    newest: (limit: number) => kept(history.newest(worktree, limit + leftOut.size), limit),
    /** Paths that each of these commits changed, of those that are known. */
    pathsOfHashes: (hashes: readonly string[]) => [
      ...history
        .pathsOf(
          worktree,
          history.idsOf(hashes).map((id) => ({ id })),
        )
        .values(),
    ],
    pathsOf: (commits: readonly { readonly id: number }[]) => history.pathsOf(worktree, commits),
  }
}
