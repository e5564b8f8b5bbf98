import { coChangeHits } from '../../src/retrieve/signals/co-change.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { RepoPath } from '../../src/types.ts'

const MOST = 5
const OFTEN = 0.66 // of the commits that changed the other file
const TIMES = 3

/** Files that changed in at least two of three commits (and three in all) that changed one of these, and are not among them. */
export function usualCompanions(
  store: Store,
  worktree: number,
  changed: readonly RepoPath[],
): { path: RepoPath; why: string }[] {
  const hits = coChangeHits({ store, worktree }, new Map(changed.map((path) => [path, 1])))
  return [...hits]
    .map(([path, { why }]) => ({ path, why: why(), times: /in (\d+) of (\d+)/.exec(why()) }))
    .filter(
      ({ path, times }) =>
        !changed.includes(path) && times && Number(times[1]) >= TIMES && Number(times[1]) / Number(times[2]) >= OFTEN,
    )
    .filter(({ path }) => store.facts.isReadable(worktree, path))
    .slice(0, MOST)
    .map(({ path, why }) => ({ path, why }))
}
