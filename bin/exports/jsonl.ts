import { UserError } from '../../src/errors.ts'
import type { ExitCode, Values } from '../command.ts'
import { reasonLines } from '../team-store.ts'
import type { Wire } from '../wire.ts'

/** Summaries, recipes and plans as rows that `repose import` reads: one a line, by their hashes. */
export async function exportJsonl(wire: Wire, values: Values): Promise<ExitCode> {
  if (values.out !== undefined || values.write !== undefined)
    throw new UserError('jsonl goes to standard output', 'repose export jsonl > rows.jsonl')
  const [{ rowsOfStore }, { repo, store, worktree }] = await Promise.all([
    import('../../src/team/rows-of-store.ts'),
    wire.facts(),
  ])
  const now = Date.now()
  const { rows, leftOut } = await rowsOfStore({ repo, store, worktree, now, signal: wire.signal, onlyOwn: false })
  const lines = rows.map(({ line }) => line).sort()
  if (lines.length > 0) wire.printExact(`${lines.join('\n')}\n`)
  else wire.say('there is nothing to export yet: repose sleep with a model writes summaries')
  for (const line of reasonLines(leftOut)) wire.say(`left out: ${line}`)
  return 0
}
