import type { Touch } from './history.ts'
import { WIDEST } from './history.ts'
import type { Store } from './open-store.ts'

/** The stored history of a working tree, without wide commits and without commits for which `isLeftOut` is true. */
export function pastOf({ history }: Pick<Store, 'history'>, worktree: number, isLeftOut: (id: number) => boolean = () => false) {
  return {
    commitsOf: (path: string, limit: number): readonly Touch[] =>
      history.commitsOf(worktree, path, limit).filter(({ id }) => !isLeftOut(id)),
    newest: (limit: number) =>
      history.newest(worktree, limit).filter(({ id, width }) => width <= WIDEST && !isLeftOut(id)),
    pathsOf: (commits: readonly { readonly id: number }[]) => history.pathsOf(worktree, commits),
  }
}
