import { existsSync } from 'node:fs'
import { handleSignals } from '../../src/processes/blocking.ts'
import type { Store } from '../../src/store/open-store.ts'
import { plural } from '../format.ts'
import type { Wire } from '../wire.ts'

/**
 * Deletes working trees that are gone and contents that none uses. isDryRun: the store is a copy, and what would be deleted is reported.
 */
export async function cleanUnused(wire: Wire, isDryRun: boolean): Promise<0> {
  const path = await wire.databasePath()
  if (!existsSync(path)) {
    if (wire.flags.json) wire.printJson({ forgotten: false, ...NONE })
    else wire.print('there is nothing to forget')
    return 0
  }
  tell(wire, await forgetUnused(await wire.store()), !isDryRun)
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
