import type { Command } from '../command.ts'
import { callsMade, count, duration, plural, usd, when } from '../format.ts'
import { paintState } from '../paint/states.ts'
import { bold, type Paint } from '../paint/style.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION } from './options.ts'

export const receipts: Command = {
  name: 'receipts',
  summary: 'what each sleep pass did, spent and rejected, and why it ended; with --backtests, what each backtest found',
  options: [
    { flags: '--limit <n>', text: 'how many (default: 10)', kind: 'integer', least: 1 },
    { flags: '--backtests', text: 'print the receipts of backtests instead of passes' },
    JSON_OPTION,
  ],
  examples: ['repose receipts', 'repose receipts --limit 1 --json', 'repose receipts --backtests'],
  async run(wire, _argument, values) {
    const store = await wire.store()
    if (values.backtests) return backtests(wire, (values.limit as number | undefined) ?? 10)
    const { root } = await wire.repo()
    const passes = store.ledger.receipts((values.limit as number | undefined) ?? 10)
    if (wire.flags.json) {
      wire.printJson(passes)
      return 0
    }
    if (passes.length === 0) wire.say('no pass has run: repose sleep starts one')
    const { passEnds } = await import('./pass-end.ts')
    const endOf = passEnds(store)
    for (const pass of passes) {
      const took = pass.endedAt === null ? '' : `, ${duration(pass.endedAt - pass.startedAt)}`
      wire.print(
        `pass ${pass.id}  ${when(pass.startedAt)}${took}  ${pass.model === 'none' ? 'no model' : pass.model}${pass.root === null || pass.root === root ? '' : `  in ${pass.root}`}  ${endOf(pass)}${pass.reason ? `: ${pass.reason}` : ''}`,
        paintEntry,
      )
      const spent =
        pass.calls === 0
          ? 'no call'
          : `${callsMade(pass.calls, pass.failed)}, ${count(pass.inputTokens)} tokens in (${count(pass.cachedTokens)} cached), ${count(pass.outputTokens)} out, ${usd(pass.usd)}`
      wire.print(
        `  ${plural(pass.written, 'summary')} written, ${count(pass.reused)} found again, ${count(pass.rejected)} rejected; ${spent}`,
      )
      for (const note of pass.notes.slice(0, 8)) wire.print(`  - ${note}`)
      if (pass.notes.length > 8) wire.print(`  - and ${plural(pass.notes.length - 8, 'more note')}: --json shows all`)
    }
    return 0
  },
}

/** 'pass 3', and how it ended, as the last word after a gap. */
const paintEntry: Paint = (line) =>
  line.replace(/^\w+ \d+/, bold).replace(/(?<= {2})[a-z-]+(?=:|$| \(pid)/g, paintState)

async function backtests(wire: Wire, limit: number): Promise<0> {
  const store = await wire.store()
  const receipts = store.backtests.receipts(limit)
  if (wire.flags.json) wire.printJson(receipts)
  else if (receipts.length === 0) wire.say('no backtest has run: repose backtest starts one')
  else {
    const { backtestEnds } = await import('./pass-end.ts')
    const endOf = backtestEnds(store)
    for (const receipt of receipts) {
      const { id, startedAt, endedAt, head, planned, scored, titleOnly, reason, figures } = receipt
      const took = endedAt === null ? '' : `, ${duration(endedAt - startedAt)}`
      const arms = Object.entries(figures).map(([arm, { f1 }]) => `${arm} ${f1?.toFixed(3)}`)
      wire.print(
        `backtest ${id}  ${when(startedAt)}${took}  at ${head.slice(0, 10)}  ${scored} of ${plural(planned, 'feature')}${titleOnly ? ', titles alone' : ''}  ${endOf(receipt)}${reason ? `: ${reason}` : ''}`,
        paintEntry,
      )
      if (arms.length > 0) wire.print(`  F1 of the named files: ${arms.join(', ')}`)
    }
  }
  return 0
}
