import type { BacktestReport } from '../../src/backtest/report.ts'
import type { Command, Values } from '../command.ts'
import { plural, table } from '../format.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION } from './options.ts'

const TASKS = 30
const MOST_MS = 2 ** 31 - 1 // Node's timers take no more
const MISSED = 5 // paths shown of a task

export const backtest: Command = {
  name: 'backtest',
  summary: "measure the ranking on this repository's own past features (no model)",
  details:
    'Past commits that read like a feature and modify three or more source files are ranked from the state before them and compared with what they changed. Nothing is checked out, and no task sees what came after it.',
  options: [
    { flags: '--since <revision>', text: 'only features after this revision (a tag, a branch, a commit)' },
    { flags: '--limit <n>', text: `the newest so many features (default: ${TASKS})`, kind: 'integer' },
    {
      flags: '--arm <name>',
      text: 'paths, bm25, bm25+cochange or repose; may be given several times (default: all)',
      kind: 'list',
    },
    { flags: '--title-only', text: 'the request is the title alone, without the text of the message' },
    { flags: '--seconds <n>', text: 'end after so long with what is done so far', kind: 'number' },
    { flags: '--html <file>', text: 'write the report as a page too' },
    JSON_OPTION,
  ],
  examples: [
    'repose backtest',
    'repose backtest --since v2.0 --limit 50 --html backtest.html',
    'repose backtest --arm bm25 --arm repose --title-only --json',
  ],
  async run(wire, _argument, values) {
    const page = values.html ? await (await import('./backtest-page.ts')).openPage(String(values.html)) : null
    const report = await measure(wire, values)
    await page?.write(wire, report)
    const { inWords } = await import('../../src/backtest/in-words.ts')
    if (wire.flags.json) {
      wire.printJson(rounded(report))
      for (const warning of inWords.warnings(report)) wire.say(warning)
    } else wire.print(told(report, inWords))
    if (report.stop === 'interrupted') return 130
    return report.stop === 'out-of-time' ? 3 : 0
  },
}

async function measure(wire: Wire, values: Values): Promise<BacktestReport> {
  const [{ UserError }, { chooseArms }, { mineFeatures }, { runBacktest }, { reportOf }, { openPastFacts }] =
    await Promise.all([
      import('../../src/errors.ts'),
      import('../../src/backtest/choose-arms.ts'),
      import('../../src/history/mine-features.ts'),
      import('../../src/backtest/run-backtest.ts'),
      import('../../src/backtest/report.ts'),
      import('../../agents/sleep/past-facts.ts'),
    ])
  const startedAt = Date.now()
  const arms = chooseArms((values.arm as string[] | undefined) ?? [])
  const limit = (values.limit as number | undefined) ?? TASKS
  if (limit === 0) throw new UserError('--limit 0 leaves nothing to measure', 'give a number from 1 up')
  const { root, head } = await wire.repo()
  const since = values.since ? { since: await commitOf(root, String(values.since)) } : {}
  const mined = await mineFeatures(root, head, { limit, signal: wire.signal, ...since })
  const titleOnly = values.titleOnly === true
  const signal = AbortSignal.any([wire.signal, ...timeLimit(values.seconds)])
  const progress = wire.progress()
  let at = ''
  const past = openPastFacts(root, await wire.databasePath(), {
    ...(await wire.config()),
    signal,
    onProgress: (done, total) => progress.show(`${at} (reading ${done} of ${plural(total, 'file')})`),
  })
  try {
    const { backtests } = await wire.store()
    const receipt = backtests.start(startedAt, head, mined.features.length, titleOnly)
    const { tasks, isComplete } = await runBacktest({
      features: mined.features,
      arms,
      titleOnly,
      signal,
      facts: {
        prepare: (commits) => past.prepare(commits),
        at: async (commit) => ({ store: past.store, worktree: await past.at(commit) }),
      },
      onProgress(done, total, { title }) {
        at = `task ${done + 1} of ${total}: ${title}`
        progress.show(at)
      },
    })
    const report = reportOf(tasks, arms, {
      head,
      stop: isComplete ? 'done' : wire.signal.aborted ? 'interrupted' : 'out-of-time',
      titleOnly,
      seconds: (Date.now() - startedAt) / 1000,
      planned: mined.features.length,
      candidates: mined.candidates,
      dropped: mined.dropped,
    })
    backtests.end(receipt, Date.now(), tasks.length, report.stop, means(report))
    return report
  } finally {
    progress.end()
    past.close()
  }
}

function timeLimit(seconds: Values[string]): AbortSignal[] {
  return seconds === undefined ? [] : [AbortSignal.timeout(Math.min(Math.round(1000 * Number(seconds)), MOST_MS))]
}

async function commitOf(root: string, revision: string): Promise<string> {
  const { git, GitError } = await import('../../src/repo/git.ts')
  try {
    return (await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])).trim()
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const { UserError } = await import('../../src/errors.ts')
    throw new UserError(`there is no revision '${revision}'`, 'name a tag, a branch or a commit: git log --oneline', {
      cause: error,
    })
  }
}

function told(report: BacktestReport, inWords: typeof import('../../src/backtest/in-words.ts').inWords): string {
  const { arms, worst, judged } = report
  const parts = [...inWords.warnings(report)]
  if (arms.length > 0)
    parts.push(`${inWords.span(report)}; ${inWords.request(report)}`, figures(report), inWords.result(report))
  if (worst.length > 0)
    parts.push(
      [
        `where ${judged} was most wrong:`,
        ...worst.flatMap(({ commit, title, f1, missed }) => [
          `  ${commit.slice(0, 10)}  F1 ${f1.toFixed(2)}  ${title}`,
          ...missed
            .slice(0, MISSED)
            .map(({ path, place }) => `      missed ${path} (${place === null ? 'not listed' : `place ${place}`})`),
          ...(missed.length > MISSED ? [`      and ${missed.length - MISSED} more`] : []),
        ]),
      ].join('\n'),
    )
  return [...parts, inWords.dropped(report)].join('\n\n')
}

function figures({ arms }: BacktestReport): string {
  return table([
    ['arm', 'R@5', 'R@10', 'R@20', 'R@50', 'F1@5', 'named', 'P', 'R', 'F1', 'ms'],
    ...arms.map(({ id, figures: of, named, ms }) => [
      id,
      ...[of.recall5, of.recall10, of.recall20, of.recall50, of.f1At5].map(({ mean }) => mean.toFixed(3)),
      named.toFixed(1),
      ...[of.precision, of.recall, of.f1].map(({ mean }) => mean.toFixed(3)),
      ms.toFixed(0),
    ]),
  ])
}

function means({ arms }: BacktestReport): Record<string, Record<string, number>> {
  return Object.fromEntries(
    arms.map(({ id, figures: of }) => [
      id,
      Object.fromEntries(Object.entries(of).map(([name, { mean }]) => [name, round(mean)])),
    ]),
  )
}

function rounded(report: BacktestReport): unknown {
  return JSON.parse(JSON.stringify(report, (_key, value) => (typeof value === 'number' ? round(value) : value)))
}

function round(value: number): number {
  return Math.round(10_000 * value) / 10_000
}
