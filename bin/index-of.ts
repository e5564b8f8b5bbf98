import type { Index } from '../agents/mcp/tool.ts'
import type { Wire } from './wire.ts'

/** What the answers of agents/mcp need, from the facts of a command, which are brought up to date first. */
export async function indexOf(wire: Wire): Promise<Index> {
  const [{ repo, store, config, worktree }, { FileNumbers }] = await Promise.all([
    wire.facts(),
    import('../agents/mcp/file-numbers.ts'),
  ])
  const { maxFileBytes, packTokens } = config
  const session = { numbers: new FileNumbers(), lastRequest: { words: null } }
  return { repo, store, worktree, maxFileBytes, packTokens, signal: wire.signal, ...session }
}
