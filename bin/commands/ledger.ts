import type { BreakEven } from '../../src/backtest/break-even.ts'
import type { Command } from '../command.ts'
import { count, plural, usd, when } from '../format.ts'
import { JSON_OPTION } from './options.ts'

const PHASES = [
  ['sleep', 'sleep-time'],
  ['awake', 'test-time'],
  ['backtest', 'backtest'],
] as const

export const ledger: Command = {
  name: 'ledger',
  summary: 'every token spent: by phase, purpose and model, and by request; how many requests pay for the sleep passes',
  options: [{ flags: '--days <n>', text: 'how far to look back (default: all)', kind: 'number' }, JSON_OPTION],
  examples: ['repose ledger', 'repose ledger --days 7 --json'],
  async run(wire, _argument, values) {
    const store = await wire.store()
    const since = values.days === undefined ? 0 : Date.now() - Number(values.days) * 86_400_000
    const totals = store.ledger.totals(since)
    const requests = store.ledger.requests(20).filter((request) => request.askedAt >= since)
    const { breakEven } = await import('../../src/backtest/break-even.ts')
    const slept = store.ledger.totals(0).filter((row) => row.phase === 'sleep' && row.recorded === 0)
    const even = breakEven(store.backtests.agentRuns(), tokensOf(slept))
    if (wire.flags.json) {
      wire.printJson({ totals, requests, breakEven: even })
      return 0
    }
    if (totals.length === 0) {
      wire.say(
        `no model call has been made${values.days === undefined ? '' : ` in the last ${plural(Number(values.days), 'day')}`}`,
      )
      return 0
    }
    const head = ['phase', 'purpose', 'model', 'calls', 'input', 'of it cached', 'output', 'cost']
    wire.printTable([
      head,
      ...totals.map((row) => [
        row.phase,
        row.purpose,
        row.recorded ? `${row.model} (recorded)` : row.model,
        `${count(row.calls)}${row.failed > 0 ? ` (${count(row.failed)} failed)` : ''}`,
        count(row.inputTokens),
        count(row.cachedTokens),
        count(row.outputTokens),
        row.recorded ? 'nothing paid' : usd(row.usd),
      ]),
    ])
    for (const [phase, name] of PHASES) {
      const rows = totals.filter((row) => row.phase === phase)
      if (rows.length > 0) wire.print(`${name} tokens: ${count(tokensOf(rows))}`)
    }
    wire.print(`\nbreak-even: ${even ? inWords(even) : NOT_MEASURED}`)
    if (requests.length > 0) {
      wire.print(`\n${plural(requests.length, 'request')}, newest first`)
      wire.printTable([
        ['run', 'when', 'command', 'calls', 'tokens', 'end', 'request'],
        ...requests.map((row) => [
          String(row.id),
          when(row.askedAt),
          row.command,
          count(row.calls),
          count(row.inputTokens + row.outputTokens),
          row.stop ?? 'killed',
          row.text.split('\n')[0]!,
        ]),
      ])
    }
    return 0
  },
}

const NOT_MEASURED =
  'not measured; repose backtest --arm plain-agent --arm agent-auto runs both agents on past features (it asks the model)'

function tokensOf(rows: readonly { inputTokens: number; outputTokens: number }[]): number {
  return rows.reduce((sum, row) => sum + row.inputTokens + row.outputTokens, 0)
}

function inWords({ arm, steps, model, recorded, tasks, saved, sleepTokens, requests }: BreakEven): string {
  const { mean, low, high } = saved
  const how = `median of ${plural(tasks, 'past feature')}, 95 %: ${count(Math.round(low))} to ${count(Math.round(high))}; ${model}, ${steps} steps`
  const amount = `${count(Math.abs(Math.round(mean)))} tokens ${mean < 0 ? 'more' : 'less'} than the plain agent`
  const measured = `a request with ${arm} took ${amount} (measured${recorded ? ', recorded replies' : ''}: ${how})`
  const caution = 'the measured runs had no summaries of sleep passes to read'
  if (sleepTokens === 0) return `${measured}; the sleep passes have cost no tokens`
  if (requests === null)
    return `${measured}; nothing is saved that could pay for the ${count(sleepTokens)} sleep-time tokens`
  return `${measured}; so about ${plural(requests, 'request')} pay for the ${count(sleepTokens)} sleep-time tokens (estimate: ${caution})`
}
