import type { StoreOptions } from '../agents/team/push-store.ts'
import type { Values } from './command.ts'
import { count } from './format.ts'
import type { Wire } from './wire.ts'

export const REMOTE_OPTION = { flags: '--remote <name>', text: 'the remote (default: that of the branch, else origin)' }

/** Opens the store on the remote that is meant, does the work, and closes it. The first step that uses the network is the work's. */
export async function withTeamStore<T>(
  wire: Wire,
  values: Values,
  work: (options: StoreOptions) => Promise<T>,
): Promise<T> {
  const [{ remoteNamed }, { openStoreRemote }] = await Promise.all([
    import('../src/repo/remote-named.ts'),
    import('../src/repo/store-remote.ts'),
  ])
  const [repo, { store: settings }] = await Promise.all([wire.repo(), wire.config()])
  const named = await remoteNamed(repo.root, values.remote as string | undefined)
  const { store, worktree } = await wire.facts()
  const { signal } = wire
  const isDry = values.dryRun === true
  const remote = await openStoreRemote(repo, named, settings.ref, signal, isDry)
  try {
    return await work({ repo, store, worktree, remote, now: Date.now(), signal, isDry })
  } finally {
    await remote.close()
  }
}

/** '3 rows: no JSON', the most frequent first. */
export function reasonLines(reasons: ReadonlyMap<string, number>): string[] {
  return [...reasons]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([why, times]) => `${count(times)} (${why})`)
}

/** 1234567 -> '1.2 MB'. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
