import { shownPath } from '../../src/paths.ts'
import type { RecipeMining } from '../../src/store/recipes.ts'
import type { Command } from '../command.ts'
import { callsMade, count, duration, plural, table, usd } from '../format.ts'
import { loadChunksSoon } from '../load-chunks.ts'
import { JSON_OPTION, limitOptions, MODEL_OPTION, RECORD_OPTIONS } from './options.ts'

const MOST_NOTES = 8
const MOST_TITLES = 5
const FEW = 3 // past additions; what fewer have in common is chance

export const sleep: Command = {
  name: 'sleep',
  summary: 'one pass now: refresh the facts, draft the backlog, write summaries',
  details:
    'With a model, requests of the backlog are drafted first, if your own configuration says backlog.draft and has a cap (repose help backlog). Then the files whose summaries are likely to save most come first. Each summary is saved by itself, so you can stop a pass at any time. Without a model, summaries are built from comments, README and facts. The caps of your own configuration bind every pass that asks a model. A pass that has used its budget ends with exit code 0, or 3 if the budget was too small for a single summary.',
  options: [
    ...limitOptions('tokens that the pass may use', 'US dollars that it may spend'),
    { flags: '--dry-run', text: 'print what it would do within its budget, and the cost; spend nothing' },
    {
      flags: '--only <part>',
      text: 'run only this part of the pass; backlog: draft what waits',
      choices: ['backlog'],
    },
    {
      flags: '--batch',
      text: 'leave calls that need no answer now (judging requests, forecasts, summaries of files) with the Batch API, at half the price; a later pass takes up the replies',
    },
    { flags: '--concurrency <n>', text: 'calls at once, 1 to 64 (default: 4)', kind: 'integer', least: 1, most: 64 },
    ...RECORD_OPTIONS,
    MODEL_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'repose sleep --dry-run',
    'repose sleep --budget-tokens 200k',
    'repose sleep --max-usd 0.50',
    'repose sleep --only backlog',
    'repose sleep --batch',
  ],
  async run(wire, _argument, values) {
    loadChunksSoon()
    const [
      { runSleepPass },
      { batchesFor, modelFor, storeFor },
      { priceOf },
      { awakeModel, capsOf, limitsOfPass, nightOf },
    ] = await Promise.all([
      import('../../agents/sleep/agent.ts'),
      import('../model-for.ts'),
      import('../../src/llm/prices.ts'),
      import('../../agents/night/night-settings.ts'),
    ])
    const llm = await modelFor(wire, 'sleep', values)
    if (!llm) await wire.sayIfHalfSet('sleep')
    const progress = wire.progress()
    const { repo, store, config, worktree } = await wire.facts((done, total) =>
      progress.show(() => `reading ${count(done)} of ${plural(total, 'file')}`),
    )
    const tokens = (values.budgetTokens as number | undefined) ?? config.sleep.budgetTokens
    const maxUsd = (values.maxUsd as number | undefined) ?? config.sleep.maxUsd
    const night = nightOf(config, repo, store, llm, Date.now())
    const onlyBacklog = values.only === 'backlog'
    if (onlyBacklog && !night.settings) {
      const { UserError } = await import('../../src/errors.ts')
      throw new UserError(`nothing may be drafted: ${night.why}`, night.fix, night.isLimit ? { exitCode: 3 } : {})
    }
    const leaveInBatch = values.batch === true
    const batches = values.replay ? undefined : await batchesFor(config, store, llm, leaveInBatch)
    const caps = values.replay
      ? { kind: 'free' as const, why: 'nothing is paid', limits: {} }
      : capsOf(config, store, llm, Date.now())
    const report = await runSleepPass({
      repo,
      store: await storeFor(store, values),
      worktree,
      llm,
      price: llm ? priceOf(llm.model, config.prices, config.baseUrl) : null,
      ...limitsOfPass({ tokens, usd: maxUsd }, caps),
      reservesDraft: config.backlog.draft,
      backlog: night.settings ?? undefined,
      awake: awakeModel(config),
      batches,
      leaveInBatch,
      onlyBacklog,
      onBacklog: (text) => progress.show(`backlog ${text}`),
      concurrency: (values.concurrency as number | undefined) ?? config.sleep.concurrency,
      signal: wire.signal,
      dryRun: values.dryRun === true,
      recorded: values.replay !== undefined,
      onProgress: (far) => progress.show(howFar(far, tokens)),
    })
    progress.end()
    await wire.sayIfShallow()
    if (wire.flags.json) wire.printJson(report)
    else
      wire.print(
        report.estimate
          ? estimated(report, report.estimate, { checks: night.settings?.checks.length ?? 0, onlyBacklog })
          : reportText(report, onlyBacklog ? null : store.recipes.mining(worktree), onlyBacklog),
      )
    if (night.settings && !wire.flags.json) {
      const { sayNotApproved } = await import('../not-approved.ts')
      for (const line of sayNotApproved(store.backlog.list(['waiting']))) wire.say(line)
    }
    const hasWorked = report.written > 0 || (report.backlog?.drafted.length ?? 0) > 0
    const isUsed = report.stop === 'out-of-budget' && hasWorked
    if (report.reason !== null && report.fix !== null && isUsed) wire.say(`${report.reason}: ${report.fix}`)
    else if (report.reason !== null && report.fix !== null) wire.sayFailure(report.reason, report.fix)
    else if (report.fix !== null && report.stop === 'out-of-budget' && !hasWorked)
      wire.sayFailure('no summary was written', report.fix)
    else if (report.fix !== null) wire.say(`warning: not every summary was written: ${report.fix}`)
    const failed = report.backlog?.failed ?? []
    for (const { error } of failed) wire.output.bug(error)
    if (report.stop === 'interrupted') return 130
    if (report.stop === 'model-failed' || failed.length > 0) return 1
    return report.stop === 'out-of-budget' && !hasWorked ? 3 : 0
  },
}

type Report = Awaited<ReturnType<typeof import('../../agents/sleep/agent.ts').runSleepPass>>

function howFar(far: import('../../agents/sleep/sleep-report.ts').SleepProgress, budget: number | undefined): string {
  const { written, failed, total, due, tokens, usd: spent, etaMs } = far
  const of = due > total ? `about ${plural(total, 'summary')} (${count(due)} are due)` : plural(total, 'summary')
  return [
    `${count(written)} of ${of}`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    `${count(tokens)}${budget === undefined ? '' : ` of ${count(budget)}`} tokens`,
    ...(spent ? [usd(spent)] : []),
    ...(etaMs ? [`${duration(etaMs)} left`] : []),
  ].join(', ')
}

function reportText(report: Report, mining: RecipeMining | null, onlyBacklog: boolean): string {
  const { usage, backlog } = report
  const spent =
    report.model === 'none'
      ? 'no model: put together from comments, README and facts'
      : `${callsMade(usage.calls, report.failedCalls)}, ${count(usage.inputTokens)} tokens in (${count(usage.cachedTokens)} cached), ${count(usage.outputTokens)} out, ${usd(usage.usd)}`
  const isIdle = backlog && backlog.drafted.length + backlog.needsYou.length + backlog.left === 0
  const drafts = backlog
    ? [
        isIdle
          ? 'no request of the backlog to draft: repose backlog'
          : `${plural(backlog.drafted.length, 'request')} of the backlog drafted${needing(backlog.needsYou.length)}: repose backlog`,
      ]
    : []
  return [
    ...drafts,
    ...(onlyBacklog
      ? []
      : [
          `${plural(report.written, 'summary')} written, ${count(report.reused)} found again, ${count(report.rejected)} rejected`,
        ]),
    spent,
    ...(report.stop === 'done' ? [] : [endText(report)]),
    ...report.notes.slice(0, MOST_NOTES).map((note) => `- ${note}`),
    ...(report.notes.length > MOST_NOTES
      ? [`- and ${plural(report.notes.length - MOST_NOTES, 'more note')}: repose receipts --json`]
      : []),
    ...(mining && mining.additions < FEW
      ? [`- too little history to learn from: ${plural(mining.additions, 'past addition')}`]
      : []),
  ].join('\n')
}

function needing(requests: number): string {
  return requests === 0 ? '' : `, ${count(requests)} ${requests === 1 ? 'needs' : 'need'} you`
}

function endText({ stop, reason, fix, written, left }: Report): string {
  const later =
    left > 0
      ? `: ${plural(left, 'summary')} that ${left === 1 ? 'is' : 'are'} due ${left === 1 ? 'waits' : 'wait'} for the next pass`
      : ''
  if (stop === 'out-of-budget' && written > 0) return `the budget is used${later}`
  return `ended early: ${stop}${reason && fix === null ? ` (${reason})` : ''}`
}

/** What a dry run says: of the backlog, then of summaries, unless the pass is only for the backlog. */
function estimated(
  report: Report,
  estimate: NonNullable<Report['estimate']>,
  { checks, onlyBacklog }: { readonly checks: number; readonly onlyBacklog: boolean },
): string {
  return [
    ...(estimate.backlog ? [estimatedDrafts(estimate.backlog, estimate.hasDraftRoom, checks)] : []),
    ...(estimate.asksForecasts ? ['would ask what may be requested next: about 2,500 tokens'] : []),
    ...(onlyBacklog ? [] : [estimatedSummaries(report, estimate), whoReads(estimate)]),
  ].join('\n')
}

type Waiting = NonNullable<NonNullable<Report['estimate']>['backlog']>

function estimatedDrafts(waiting: Waiting, hasRoom: boolean, checks: number): string {
  if (waiting.length === 0) return 'no request of the backlog to draft'
  const requests = `${plural(waiting.length, 'request')} of the backlog`
  const shown = waiting
    .slice(0, MOST_TITLES)
    .map(({ id, title, isStale }) => `\n  ${id}  ${title}${isStale ? ' (its draft is stale)' : ''}`)
  const more = waiting.length > MOST_TITLES ? `\n  and ${count(waiting.length - MOST_TITLES)} more` : ''
  const list = `${shown.join('')}${more}`
  if (!hasRoom) return `the budget has no room for a draft; left for a later pass: ${requests}${list}`
  const run = checks > 0 ? `run ${plural(checks, 'check')} on each` : 'run no check: none is set and trusted'
  return `would draft ${requests} first, as far as the budget goes (a few thousand tokens each), and ${run}${list}`
}

function estimatedSummaries(
  report: Report,
  { subjects, later, learning, ...cost }: NonNullable<Report['estimate']>,
): string {
  const { cap, keptForDraft } = cost
  const whose = cap === null ? 'budget' : `cap of the ${cap}`
  const kept = keptForDraft > 0 ? [`kept for a draft: ${count(keptForDraft)} tokens of the cap of the ${cap}`] : []
  const summaries = plural(subjects.length, 'summary')
  const there = `${count(report.reused)} are there already`
  if (report.model === 'none')
    return [
      `would put together ${summaries} from comments, README and facts, without a model; ${there}`,
      ...learning,
    ].join('\n')
  if (subjects.length + later.subjects === 0)
    return ['no summary to write: every one is fresh', ...report.notes, ...learning].join('\n')
  if (subjects.length === 0)
    return [
      `the ${whose} has no room for any of the ${plural(later.subjects, 'summary')} that are due: ${inTokens(later)} in all`,
      ...kept,
      ...learning,
    ].join('\n')
  const tokens = `about ${inTokens(cost)}, ${usd(cost.usd)}`
  const rest =
    later.subjects === 0
      ? []
      : [`left for later passes by the ${whose}: ${plural(later.subjects, 'summary')}, about ${inTokens(later)}`]
  const rows = subjects
    .slice(0, 10)
    .map((one) => [shownPath(one.subject), one.kind, count(one.inputTokens), count(one.outputTokens)])
  return [
    `would write ${summaries} with ${report.model} (${there}): ${tokens}`,
    ...rest,
    ...kept,
    ...report.notes,
    ...learning,
    `\nfirst:\n${table([['subject', 'kind', 'input', 'output'], ...rows])}`,
  ].join('\n')
}

/** Who reads what a pass makes. */
function whoReads({ readers }: NonNullable<Report['estimate']>): string {
  return `\nread by:\n${table([['kind', 'who'], ...readers.map(({ kind, by }) => [kind, by])])}`
}

function inTokens({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }): string {
  return `${count(inputTokens)} tokens in, ${count(outputTokens)} out`
}
