import { UserError } from '../../src/errors.ts'
import { workIn } from '../../src/repo/trees-around.ts'
import type { Wire } from '../wire.ts'

/**
 * Adds repositories to those that have wires already; each has a database of its own. isLenient: a missing one is reported and skipped,
 * since a list may be out of date; else throws UserError.
 */
export async function addRepositories(
  wires: readonly Wire[],
  folders: readonly string[],
  isLenient = false,
): Promise<Wire[]> {
  for (const folder of folders) workIn(folder) // before a git starts in any of them
  const { Wire: Wires } = await import('../wire.ts')
  const [first] = wires as [Wire]
  const byRoot = new Map(await Promise.all(wires.map(async (wire) => [(await wire.repo()).root, wire] as const)))
  for (const folder of folders) {
    const { db: _, ...flags } = first.flags
    const other = new Wires({ ...flags, repo: folder }, first.output, first.signal)
    try {
      const { root } = await other.repo()
      if (!byRoot.has(root)) byRoot.set(root, other)
    } catch (error) {
      if (!isLenient || !(error instanceof UserError)) throw error
      first.say(`left out: ${error.message}`)
    }
  }
  return [...byRoot.values()]
}
