import type { Command, ExitCode, Values } from '../command.ts'
import { reasonLines } from '../team-store.ts'
import type { Wire } from '../wire.ts'

interface ExportFormat {
  readonly text: string
  run(wire: Wire, values: Values): Promise<ExitCode>
}

/** Each format in a file of its own. */
const FORMATS: Readonly<Record<string, ExportFormat>> = {
  jsonl: { text: 'summaries, recipes and plans as rows that repose import reads', run: exportRows },
}

export const exportCommand: Command = {
  name: 'export',
  summary: 'hand over what repose knows, in a format of others',
  details: `Formats: ${Object.entries(FORMATS)
    .map(([name, { text }]) => `${name} (${text})`)
    .join('; ')}. The same state gives the same bytes.`,
  argument: { name: 'format', text: 'the format', choices: Object.keys(FORMATS) },
  options: [],
  examples: ['repose export jsonl > rows.jsonl', 'repose export jsonl | repose import - --repo ../other-clone'],
  run: (wire, format, values) => FORMATS[format]!.run(wire, values),
}

/** One row a line, by their hashes. */
async function exportRows(wire: Wire): Promise<ExitCode> {
  const [{ rowsOfStore }, { repo, store, worktree }] = await Promise.all([
    import('../../src/team/rows-of-store.ts'),
    wire.facts(),
  ])
  const now = Date.now()
  const { rows, leftOut } = await rowsOfStore({ repo, store, worktree, now, signal: wire.signal, onlyOwn: false })
  const lines = rows.map(({ line }) => line).sort()
  if (lines.length > 0) wire.printExact(`${lines.join('\n')}\n`)
  else wire.say('there is nothing of a model here to hand over: repose sleep with a model writes summaries')
  for (const line of reasonLines(leftOut)) wire.say(`left out: ${line}`)
  return 0
}
