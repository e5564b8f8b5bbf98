import { AGENT_ARMS } from '../../agents/plain/arm-names.ts'
import type { BacktestReport } from '../../src/backtest/report.ts'
import type { PastFacts } from '../../src/indexing/past-facts.ts'
import type { Command, Values } from '../command.ts'
import { plural } from '../format.ts'
import { loadChunksSoon } from '../load-chunks.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION, limitOptions, MODEL_OPTION, RECORD_OPTIONS } from './options.ts'

const TASKS = 30
const RANKINGS = ['paths', 'bm25', 'bm25+cochange', 'repose'] // as in src/backtest/arms: test/bin/global-options.test.ts
const AGENT_TASKS = 10 // runs of agents cost money and minutes

export const backtest: Command = {
  name: 'backtest',
  summary: "measure the ranking, and agents if you like, on this repository's own past features",
  details:
    'Takes past commits that read like a feature and modify three or more source files. Ranks the files of the state before each, and compares the ranking with what the commit changed. No task sees later history, and your files are not touched. No model is called, unless --arm names an agent: each of its runs implements one past feature, is paid for once, and is stored. The recipes of the arm repose are mined again for every ten tasks, from the history before the first of them. The verdict compares the last arm of the table with the best of the others, by mean F1@5 in this run. It waits while another backtest reads the past.',
  options: [
    { flags: '--since <revision>', text: 'only features after this revision (a tag, a branch, a commit)' },
    {
      flags: '--limit <n>',
      text: `number of features, the newest first (default: ${TASKS}; ${AGENT_TASKS} with an agent)`,
      kind: 'integer',
      least: 1,
    },
    {
      flags: '--arm <name>',
      text: `what to measure: the rankings ${RANKINGS.join(', ')} (default: these), and the agents ${AGENT_ARMS.join(', ')}, which ask a model; may be given several times`,
      kind: 'list',
      choices: [...RANKINGS, ...AGENT_ARMS],
    },
    { flags: '--steps <list>', text: 'step budgets of the agents (maximum calls of a run): 4,8,16,24 (default: 24)' },
    ...limitOptions('tokens that the agents may use in all runs', 'US dollars that they may spend'),
    { flags: '--again', text: 'repeat (and pay for) stored runs of agents' },
    { flags: '--title-only', text: 'the request is the title alone, without the text of the message' },
    { flags: '--seconds <n>', text: 'end after this time, with the results so far', kind: 'number' },
    { flags: '--html <file>', text: 'also write the report as a page', takes: 'file' },
    ...RECORD_OPTIONS,
    MODEL_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'repose backtest',
    'repose backtest --since v2.0 --limit 50 --html backtest.html',
    'repose backtest --arm bm25 --arm repose --title-only --json',
    'repose backtest --arm plain-agent --arm agent-auto --steps 4,24 --limit 5 --max-usd 2',
  ],
  async run(wire, _argument, values) {
    loadChunksSoon()
    const page = values.html ? await (await import('./backtest-page.ts')).openPage(wire, String(values.html)) : null
    const report = await measure(wire, values)
    await page?.write(report)
    if (wire.flags.json) {
      wire.printJson(rounded(report))
      const [{ inWords }, { agentsInWords }] = await Promise.all([
        import('../../src/backtest/in-words.ts'),
        import('../../src/backtest/agents/in-words.ts'),
      ])
      const ofAgents = report.agents ? agentsInWords.warnings(report.agents) : []
      for (const warning of [...inWords.warnings(report), ...ofAgents]) wire.say(warning)
    } else {
      const { agentsText, rankingText } = await import('./backtest-tables.ts')
      const text = [rankingText(report), ...(report.agents ? [agentsText(report.agents)] : [])].join('\n\n')
      wire.print(text)
    }
    if (wire.signal.aborted) return 130
    if (report.stop !== 'done' || (report.agents && /interrupted|out-of-budget/.test(report.agents.stop))) return 3
    return report.agents?.stop === 'model-failed' ? 1 : 0
  },
}

async function measure(wire: Wire, values: Values): Promise<BacktestReport> {
  const [{ planAgents }, { chooseArms }, ...rest] = await Promise.all([
    import('./backtest-agents.ts'),
    import('../../src/backtest/choose-arms.ts'),
    import('../../src/history/mine-features.ts'),
    import('../../src/backtest/run-backtest.ts'),
    import('../../src/backtest/report.ts'),
    import('../../src/indexing/past-facts.ts'),
  ])
  const [{ expectContents, mineFeatures }, { runBacktest }, { reportOf }, { withPastFacts }] = rest
  const startedAt = Date.now()
  const names = (values.arm as string[] | undefined) ?? []
  const arms = chooseArms(names, AGENT_ARMS)
  const agents = await planAgents(wire, names, values)
  const limit = (values.limit as number | undefined) ?? (agents ? AGENT_TASKS : TASKS)
  const { root, head } = await wire.repo()
  const since = values.since !== undefined ? { since: await commitOf(root, String(values.since)) } : {}
  const titleOnly = values.titleOnly === true
  const mined = await mineFeatures(root, head, { limit, signal: wire.signal, ...since }).catch(async (error) => {
    if (wire.signal.aborted) await noteInterrupted(wire, startedAt, head, titleOnly)
    throw error
  })
  expectContents(mined)
  await agents?.announce(mined.features, titleOnly)
  const signal = await withTimeLimit(wire.signal, values.seconds)
  const progress = wire.progress()
  let at = ''
  let receipt: number | null = null
  let scored = 0
  /** past: null if aborted before it was available; then nothing reads it. */
  const run = async (past: PastFacts | null): Promise<BacktestReport> => {
    const { backtests } = await wire.store()
    receipt ??= backtests.start(startedAt, head, mined.features.length, titleOnly)
    scored = 0
    const facts = {
      prepare: (commits: readonly string[]) => past!.prepare(commits),
      at: async (commit: string) => ({ store: past!.store, worktree: await past!.at(commit) }),
      mine: (commit: string) => past!.mine(commit),
    }
    const { tasks, isComplete } = await runBacktest({
      features: mined.features,
      arms,
      titleOnly,
      signal,
      facts,
      onProgress(done, total, { title }) {
        at = `task ${done + 1} of ${total}: ${title}`
        progress.showOnTerminal(at)
      },
      onTask: () => scored++,
    })
    const agentsReport = agents
      ? await agents.run({
          features: mined.features,
          titleOnly,
          facts,
          signal,
          onProgress(text) {
            at = text
            progress.show(text)
          },
        })
      : null
    const ranked = reportOf(tasks, arms, {
      head,
      stop: isComplete ? 'done' : wire.signal.aborted ? 'interrupted' : 'out-of-time',
      titleOnly,
      seconds: (Date.now() - startedAt) / 1000,
      planned: mined.features.length,
      candidates: mined.candidates,
      dropped: mined.dropped,
    })
    const report = { ...ranked, agents: agentsReport }
    backtests.end(receipt, Date.now(), tasks.length, endOf(report, wire.signal.aborted), means(report))
    return report
  }
  const options = {
    ...(await wire.config()),
    signal,
    onProgress: (done: number, total: number) =>
      progress.showOnTerminal(`${at} (reading ${done} of ${plural(total, 'file')})`),
    onWait: (pid: number) => wire.say(`waiting for pid ${pid}, which reads the past`),
    onDamage(what: string) {
      progress.end()
      wire.say(`note: ${what}`)
    },
  }
  try {
    return await withPastFacts(root, await wire.databasePath(), options, run)
  } catch (error) {
    if (receipt === null && signal.aborted) return await run(null)
    if (receipt !== null) await noteFailure(wire, receipt, scored, error)
    throw error
  } finally {
    progress.end()
  }
}

/** The receipt of a run that ended before its tasks were known. */
async function noteInterrupted(wire: Wire, startedAt: number, head: string, titleOnly: boolean): Promise<void> {
  const { backtests } = await wire.store()
  backtests.end(backtests.start(startedAt, head, 0, titleOnly), Date.now(), 0, 'interrupted', {})
}

async function noteFailure(wire: Wire, receipt: number, scored: number, error: unknown): Promise<void> {
  const { asUserError } = await import('../../src/store/db-errors.ts')
  const { message } = asUserError(error, null) as Error
  try {
    const { backtests } = await wire.store()
    backtests.fail(receipt, Date.now(), scored, message.split('\n')[0]!)
  } catch {
    // the database itself fails: the rethrown error reports it
  }
}

function endOf({ stop, agents }: BacktestReport, isInterrupted: boolean): string {
  if (stop !== 'done' || !agents) return stop
  return agents.stop === 'interrupted' && !isInterrupted ? 'out-of-time' : agents.stop
}

async function withTimeLimit(signal: AbortSignal, seconds: Values[string]): Promise<AbortSignal> {
  if (seconds === undefined) return signal
  const { deadline } = await import('../../src/processes/deadline.ts')
  return deadline(1000 * Number(seconds), signal)
}

async function commitOf(root: string, revision: string): Promise<string> {
  const { git, GitError } = await import('../../src/repo/git.ts')
  try {
    return (await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])).trim()
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const { UserError } = await import('../../src/errors.ts')
    throw new UserError(
      `there is no revision '${revision}'`,
      'name a tag, a branch or a commit (git log --oneline); git rev-list -1 --before=DATE HEAD prints the commit of a date',
      { cause: error },
    )
  }
}

function means({ arms, agents }: BacktestReport): Record<string, Record<string, number>> {
  const ranked = arms.map(({ id, figures: of }) => [
    id,
    Object.fromEntries(Object.entries(of).map(([name, { mean }]) => [name, round(mean)])),
  ])
  const ran = (agents?.figures ?? []).map(({ arm, steps, source, all, medianTokens }) => [
    `${arm}@${steps}`,
    { f1: round(source.f1.mean), f1All: round(all.f1.mean), medianTokens },
  ])
  return Object.fromEntries([...ranked, ...ran])
}

function rounded(report: BacktestReport): unknown {
  const isRounded = (key: string, value: unknown) => typeof value === 'number' && key !== 'usd' // a call may cost less than one digit shows
  return JSON.parse(JSON.stringify(report, (key, value) => (isRounded(key, value) ? round(value) : value)))
}

function round(value: number): number {
  return Math.round(10_000 * value) / 10_000
}
