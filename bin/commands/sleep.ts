import type { Command, ExitCode } from '../command.ts'
import { count, duration, plural, usd } from '../format.ts'
import { JSON_OPTION, MODEL_OPTION } from './options.ts'

export const sleep: Command = {
  name: 'sleep',
  summary: 'one pass now: refresh the facts and write summaries',
  details:
    'With a model, files are summarised in the order of what they are likely to save, each summary saved by itself: stop it at any time. Without one, summaries are put together from comments, README and facts.',
  options: [
    { flags: '--budget-tokens <n>', text: 'tokens that the pass may use, input and output together', kind: 'integer' },
    { flags: '--max-usd <x>', text: 'money that it may spend', kind: 'number' },
    { flags: '--dry-run', text: 'say what it would do and cost; spend nothing' },
    { flags: '--concurrency <n>', text: 'calls at once (default: 4)', kind: 'integer' },
    MODEL_OPTION,
    JSON_OPTION,
  ],
  examples: ['repose sleep --dry-run', 'repose sleep --budget-tokens 200000', 'repose sleep --max-usd 0.50'],
  async run(wire, _argument, values) {
    const { runSleepPass } = await import('../../agents/sleep/agent.ts')
    const llm = await wire.llmIfAny('sleep')
    const progress = wire.progress()
    const { repo, store, config, worktree } = await wire.facts((done, total) =>
      progress.show(`reading ${count(done)} of ${plural(total, 'file')}`),
    )
    const tokens = (values.budgetTokens as number | undefined) ?? config.sleep.budgetTokens
    const maxUsd = (values.maxUsd as number | undefined) ?? config.sleep.maxUsd
    const report = await runSleepPass({
      repo,
      store,
      worktree,
      llm,
      budget: { ...(tokens === undefined ? {} : { tokens }), ...(maxUsd === undefined ? {} : { usd: maxUsd }) },
      concurrency: (values.concurrency as number | undefined) || config.sleep.concurrency,
      signal: wire.signal,
      dryRun: values.dryRun === true,
      onProgress: ({ done, total, tokens: used, usd: spent, etaMs }) =>
        progress.show(
          `${count(done)} of ${plural(total, 'summary')}, ${count(used)} tokens${spent ? `, ${usd(spent)}` : ''}${etaMs ? `, ${duration(etaMs)} left` : ''}`,
        ),
    })
    progress.end()
    return tell(wire, report)
  },
}

type Report = Awaited<ReturnType<typeof import('../../agents/sleep/agent.ts').runSleepPass>>

function tell(wire: Parameters<Command['run']>[0], report: Report): ExitCode {
  if (wire.flags.json) wire.printJson(report)
  else wire.print(JSON.stringify(report, null, 2))
  return 0
}
