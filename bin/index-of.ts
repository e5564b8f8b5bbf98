import type { ServedIndex } from '../agents/served/served-index.ts'
import type { Wire } from './wire.ts'

/** What the answers of agents/mcp need, from the facts of a command, which are brought up to date first. */
export async function indexOf(wire: Wire): Promise<ServedIndex> {
  const [{ repo, store, config, worktree }, { FileNumbers }] = await Promise.all([
    wire.facts(),
    import('../agents/served/file-numbers.ts'),
  ])
  const { maxFileBytes, packTokens } = config
  const session = { numbers: new FileNumbers(), lastRequest: { words: null } }
  return { repo, store, worktree, maxFileBytes, packTokens, signal: wire.signal, ...session }
}
