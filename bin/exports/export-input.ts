import type { ExportInput } from '../../src/exports/repository-facts.ts'
import type { Values } from '../command.ts'
import type { Wire } from '../wire.ts'

/** Facts for an export, brought up to date. Recipes are mined, too: an export does not depend on whether a pass has run since the last commit. */
export async function exportInput(wire: Wire): Promise<ExportInput> {
  const [{ repo, store, worktree }, { learnRecipes }] = await Promise.all([
    wire.facts(),
    import('../../src/indexing/learn-recipes.ts'),
  ])
  await learnRecipes(repo, store, { signal: wire.signal })
  wire.signal.throwIfAborted()
  return { repo, store, worktree }
}

/** Throws UserError for the option of other formats. */
export async function requireNo(option: 'write' | 'out', values: Values, format: string): Promise<void> {
  if (values[option] === undefined) return
  const { UserError } = await import('../../src/errors.ts')
  const other = option === 'write' ? '--out FOLDER' : '--write FILE'
  throw new UserError(`${format} does not take --${option}`, `say ${other}, or nothing for standard output`)
}
