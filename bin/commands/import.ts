import { UserError } from '../../src/errors.ts'
import type { Command } from '../command.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION } from './options.ts'
import { sayTaken } from './pull.ts'

const MOST = 256_000_000 // bytes, as of a whole store

export const importCommand: Command = {
  name: 'import',
  summary: 'take rows that repose export jsonl wrote',
  details:
    'Reads the rows of repose export jsonl from a file, or from standard input ("-"). Each is checked against its hash, and marked as imported; nothing that was written here is replaced, and reading it again changes nothing. Requests are read by repose backlog import.',
  argument: { name: 'file', text: 'the file ("-" reads standard input)', takes: 'file' },
  options: [{ flags: '--dry-run', text: 'read it, and take nothing' }, JSON_OPTION],
  examples: ['repose import rows.jsonl', 'repose export jsonl | repose import - --repo ../other-clone'],
  async run(wire, file, values) {
    const [text, { rowLines }, { Refused }, { checkLines }, { takeRows }] = await Promise.all([
      textOf(wire, file),
      import('../../src/team/pack.ts'),
      import('../../src/team/row.ts'),
      import('../../src/team/read-store.ts'),
      import('../../agents/team/take-rows.ts'),
    ])
    const now = Date.now()
    let lines: readonly string[]
    try {
      lines = rowLines(text)
    } catch (error) {
      throw error instanceof Refused ? noRows() : error
    }
    const checked = await checkLines(lines, now, wire.signal)
    const refused = new Map<string, number>()
    for (const why of checked.refused) refused.set(`row: ${why}`, (refused.get(`row: ${why}`) ?? 0) + 1)
    const { repo, store, worktree } = await wire.facts()
    const isDry = values.dryRun === true
    const taking = { root: repo.root, store, worktree, origin: 'import', isAll: true, now, signal: wire.signal, isDry }
    const report = await takeRows(checked.rows, refused, taking)
    if (wire.flags.json) wire.printJson({ dryRun: isDry, ...report, refused: Object.fromEntries(report.refused) })
    else sayTaken(wire, report, { isDry, from: file === '-' ? 'standard input' : file })
    const isNothing = checked.rows.length === 0 && checked.refused.length > 0
    if (isNothing) throw noRows()
    return 0
  },
}

function noRows(): UserError {
  return new UserError(
    'no line is a row of repose',
    'repose export jsonl writes them; a list of issues is for repose backlog import',
  )
}

async function textOf(wire: Wire, file: string): Promise<string> {
  if (file === '-') {
    const { readInput } = await import('../request-text.ts')
    return readInput(wire.signal, MOST, 'list of rows')
  }
  const { readRegularText } = await import('../../src/files/read-regular.ts')
  const text = readRegularText(file, { maxBytes: MOST, followLink: true })
  if (text !== null) return text
  throw new UserError(
    `${file} cannot be read, or is larger than ${MOST / 1e6} MB`,
    'name a file that repose export jsonl wrote',
  )
}
