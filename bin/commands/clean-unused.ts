import { existsSync } from 'node:fs'
import { handleSignals } from '../../src/processes/blocking.ts'
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
    if (wire.flags.json) wire.printJson({ forgotten: false, ...NONE })
    else wire.print('there is nothing to forget')
    return 0
  }
  if (!isDryRun) {
    tell(wire, await forgetUnused(await wire.store()), true)
    return 0
  }
  const [{ copyDb }, { openStore }] = await Promise.all([
    import('../../src/store/db-copy.ts'),
    import('../../src/store/open-store.ts'),
  ])
  const copy = await copyDb(path, wire.signal)
  try {
    const store = openStore(copy.path)
    try {
      tell(wire, await forgetUnused(store), false)
    } finally {
      store.close()
    }
  } finally {
    copy.remove()
  }
  return 0
}

interface Unused {
  readonly workingTrees: number
  readonly contents: number
}

const NONE: Unused = { workingTrees: 0, contents: 0 }

function tell(wire: Wire, unused: Unused, forgotten: boolean): void {
  const { workingTrees, contents } = unused
  const what = `${plural(workingTrees, 'working tree')} and ${plural(contents, 'content')}`
  if (wire.flags.json) wire.printJson({ forgotten, ...unused })
  else wire.print(`${forgotten ? 'forgot' : 'would forget'} ${what}`)
}

/** Returns what was deleted. */
async function forgetUnused({ facts, db }: Store): Promise<Unused> {
  const gone = facts.worktrees().filter(({ root }) => !existsSync(root))
  for (const { id } of gone) {
    await handleSignals()
    facts.dropWorktree(id)
  }
  await handleSignals()
  const contents = facts.sweepSources()
  await handleSignals()
  db.exec('VACUUM')
  return { workingTrees: gone.length, contents }
}
