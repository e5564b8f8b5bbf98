import { readStore } from '../../src/team/read-store.ts'
import type { StoreOptions } from './push-store.ts'
import { type TakeReport, takeRows } from './take-rows.ts'

export interface PulledStore extends TakeReport {
  /** null: the remote has no store yet. */
  readonly store: { readonly rows: number; readonly packs: number; readonly bytes: number } | null
}

/** Takes from a team's store what the contents of the working tree ask for. */
export async function pullStore(options: StoreOptions): Promise<PulledStore> {
  const { repo, store, worktree, remote, now, signal, isDry } = options
  const stored = await readStore(remote, now, signal)
  const origin = `remote ${remote.name}`
  const taking = { root: repo.root, store, worktree, origin, isAll: false, now, signal, isDry }
  const report = await takeRows([...stored.rows.values()], stored.refused, taking)
  const { rows, packs, bytes, commit } = stored
  return { ...report, store: commit === null ? null : { rows: rows.size, packs: packs.length, bytes } }
}
