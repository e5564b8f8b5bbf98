import type { Repo } from '../../src/repo/open-repo.ts'
import type { StoreRemote } from '../../src/repo/store-remote.ts'
import type { Store } from '../../src/store/open-store.ts'
import { keptRows } from '../../src/team/kept-rows.ts'
import { type PushReport, pushRows } from '../../src/team/push-rows.ts'
import { rowsOfStore } from '../../src/team/rows-of-store.ts'

export interface StoreOptions {
  readonly repo: Repo
  readonly store: Store
  readonly worktree: number
  readonly remote: StoreRemote
  readonly now: number
  readonly signal: AbortSignal
  readonly isDry: boolean
}

export interface PushedStore extends PushReport {
  /** Reasons why own rows stay here, with their numbers. */
  readonly leftOut: ReadonlyMap<string, number>
  /** Own rows that may be shared, whether or not the store has them. */
  readonly own: number
}

/** Adds to a team's store what was written here and is missing there. */
export async function pushStore(options: StoreOptions): Promise<PushedStore> {
  const { repo, store, worktree, remote, now, signal, isDry } = options
  const { rows, leftOut } = await rowsOfStore({ repo, store, worktree, now, signal, onlyOwn: true })
  const kept = { root: repo.root, store, worktree, remote: remote.name, now, signal }
  // what would be dropped when packs are joined is not offered: it would come back with each push
  const keep = await keptRows(rows, kept)
  const offered = rows.filter(keep)
  const old = rows.length - offered.length
  const allLeftOut = old > 0 ? new Map([...leftOut, ['old, and no branch asks for it', old] as const]) : leftOut
  const report = await pushRows(remote, offered, { signal, now, isDry, isKept: (all) => keptRows(all, kept) })
  return { ...report, leftOut: allLeftOut, own: offered.length }
}
