import { existsSync } from 'node:fs'
import type { Store } from '../../src/store/open-store.ts'
import { plural } from '../format.ts'
import type { Wire } from '../wire.ts'

/**
 * Deletes working trees that are gone and contents that none uses. isDryRun: only in a copy of the database, to report what would be
 * deleted.
 */
export async function cleanUnused(wire: Wire, isDryRun: boolean): Promise<0> {
  const path = await wire.databasePath()
  if (!existsSync(path)) {
    wire.print('there is nothing to forget')
    return 0
  }
  if (!isDryRun) {
    wire.print(`forgot ${forgetUnused(await wire.store())}`)
    return 0
  }
  const [{ withDbCopy }, { openStore }] = await Promise.all([
    import('../../src/store/db-copy.ts'),
    import('../../src/store/open-store.ts'),
  ])
  const told = withDbCopy(path, (copy) => {
    const store = openStore(copy)
    try {
      return forgetUnused(store)
    } finally {
      store.close()
    }
  })
  wire.print(`would forget ${told}`)
  return 0
}

/** Returns what was deleted, in words. */
function forgetUnused({ facts, db }: Store): string {
  const gone = facts.worktrees().filter(({ root }) => !existsSync(root))
  for (const { id } of gone) facts.dropWorktree(id)
  const contents = facts.sweepSources()
  db.exec('VACUUM')
  return `${plural(gone.length, 'working tree')} and ${plural(contents, 'content')}`
}
