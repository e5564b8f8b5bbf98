import type { Command } from '../command.ts'
import { count, plural, table, usd, when } from '../format.ts'
import { JSON_OPTION } from './options.ts'

export const ledger: Command = {
  name: 'ledger',
  summary: 'every token spent: by phase, purpose and model, and by request',
  options: [{ flags: '--days <n>', text: 'how far to look back (default: all)', kind: 'number' }, JSON_OPTION],
  examples: ['repose ledger', 'repose ledger --days 7 --json'],
  async run(wire, _argument, values) {
    const store = await wire.store()
    const since = values.days === undefined ? 0 : Date.now() - Number(values.days) * 86_400_000
    const totals = store.ledger.totals(since)
    const requests = store.ledger.requests(20).filter((request) => request.askedAt >= since)
    if (wire.flags.json) {
      wire.printJson({ totals, requests })
      return 0
    }
    if (totals.length === 0) {
      wire.print('no model call has been made')
      return 0
    }
    const head = ['phase', 'purpose', 'model', 'calls', 'input', 'of it cached', 'output', 'cost']
    wire.print(
      table([
        head,
        ...totals.map((row) => [
          row.phase,
          row.purpose,
          row.recorded ? `${row.model} (recorded)` : row.model,
          count(row.calls),
          count(row.inputTokens),
          count(row.cachedTokens),
          count(row.outputTokens),
          row.recorded ? 'nothing paid' : usd(row.usd),
        ]),
      ]),
    )
    for (const phase of ['sleep', 'test']) {
      const rows = totals.filter((row) => row.phase === phase)
      if (rows.length > 0)
        wire.print(
          `${phase}-time tokens: ${count(rows.reduce((sum, row) => sum + row.inputTokens + row.outputTokens, 0))}`,
        )
    }
    if (requests.length > 0) {
      wire.print(`\n${plural(requests.length, 'request')}, newest first`)
      wire.print(
        table([
          ['when', 'command', 'calls', 'tokens', 'end', 'request'],
          ...requests.map((row) => [
            when(row.askedAt),
            row.command,
            count(row.calls),
            count(row.inputTokens + row.outputTokens),
            row.stop ?? 'killed',
            row.text.split('\n')[0]!.slice(0, 60),
          ]),
        ]),
      )
    }
    return 0
  },
}
