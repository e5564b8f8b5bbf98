import { expect, test } from 'vitest'
import { agentsReportOf } from '../../../src/backtest/agents/agents-report.ts'
import { agentsInWords } from '../../../src/backtest/agents/in-words.ts'
import type { TaskRun } from '../../../src/backtest/agents/run-agents.ts'
import { scoreRun } from '../../../src/backtest/agents/score-run.ts'
import { breakEven } from '../../../src/backtest/break-even.ts'
import { agentsSection } from '../../../src/backtest/html/agents-section.ts'
import type { BacktestRun } from '../../../src/store/backtests.ts'

const feature = (task: string) => ({
  commit: task,
  base: 'b',
  time: 1,
  title: `Add ${task}`,
  body: '',
  modified: ['src/a.ts', 'src/b.ts', 'src/c.ts', 'docs/a.md'],
  modifiedSource: ['src/a.ts', 'src/b.ts', 'src/c.ts'],
  created: ['src/d.ts'],
  deleted: ['src/old.ts'],
})

const runOf = (
  task: string,
  arm: string,
  steps: number,
  tokens: number,
  modified: string[],
  usd: number | null = 0.1,
) =>
  ({
    task,
    arm,
    steps,
    model: 'm',
    prompt: 'p',
    titleOnly: false,
    recorded: false,
    at: 1,
    effort: null,
    stop: 'done',
    reason: null,
    modified,
    created: [],
    deleted: [],
    usage: { calls: 2, inputTokens: tokens - 100, cachedTokens: 50, outputTokens: 100, usd },
    ms: 2000,
    transcript: 't',
  }) satisfies BacktestRun

const ALL = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'docs/a.md']
const RUNS = [
  runOf('x', 'plain-agent', 4, 10_000, ALL),
  runOf('y', 'plain-agent', 4, 20_000, ALL),
  runOf('x', 'plain-agent', 24, 40_000, ALL),
  runOf('y', 'plain-agent', 24, 60_000, ALL, null),
  runOf('x', 'agent-auto', 24, 4000, ALL),
  runOf('y', 'agent-auto', 24, 6000, ['src/a.ts', 'src/z.ts']),
]
const ARMS = ['plain-agent', 'agent-auto'].map((id) => ({ id, text: `what ${id} does`, prompt: 'p' }))
const outcome = (runs: readonly BacktestRun[]) => ({
  runs: runs.map((run): TaskRun => ({ feature: feature(run.task), run, isReused: run.task === 'x' })),
  failed: [],
  stop: 'done' as const,
  reason: null,
})
const report = agentsReportOf(outcome(RUNS), ARMS, { model: 'm', recorded: false, planned: 6 })

test('changed files are compared with those modified: source alone, and all; new files and those really deleted do not count', () => {
  const one = { modified: ['src/a.ts', 'src/z.ts', 'docs/a.md', 'test/a.test.ts'], deleted: ['src/old.ts', 'src/b.ts'] }
  const { source, all } = scoreRun(one, feature('x'))
  expect(source).toEqual({ precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 })
  expect(all).toEqual({ precision: 3 / 5, recall: 3 / 4, f1: 6 / 9 })
  expect(scoreRun({ modified: [], deleted: [] }, feature('x')).all).toEqual({ precision: 0, recall: 0, f1: 0 })
})

test('figures are by arm and step budget; a price that is unknown once is unknown', () => {
  expect(report.figures.map(({ arm, steps, tasks }) => [arm, steps, tasks])).toEqual([
    ['plain-agent', 4, 2],
    ['plain-agent', 24, 2],
    ['agent-auto', 24, 2],
  ])
  const [four, plain, auto] = report.figures
  expect([four!.usd, plain!.usd, auto!.usd]).toEqual([0.1, null, 0.1])
  expect(auto!.tokens).toEqual({ uncached: 4850, cached: 50, output: 100 })
  expect(auto!.all.f1.mean).toBeCloseTo((1 + 1 / 3) / 2)
  expect(report).toMatchObject({ done: 6, reused: 3 })
})

test('each arm is compared with the plain agent at its own, the smallest and the largest step budget, on common tasks', () => {
  expect(report.comparisons.map(({ plainSteps, tasks, tokens }) => [plainSteps, tasks, tokens.mean])).toEqual([
    [4, 2, 0.4],
    [24, 2, 0.1],
  ])
  expect(report.comparisons[1]!.f1All.mean).toBeCloseTo(-1 / 3)
  expect(agentsInWords.result(report)).toContain('agent-auto at 24 steps took 0.10 times')
  const between = agentsReportOf(
    outcome([...RUNS, runOf('x', 'plain-agent', 8, 20_000, ALL), runOf('x', 'agent-auto', 16, 4000, ALL)]),
    ARMS,
    { model: 'm', recorded: false, planned: 8 },
  )
  expect(between.comparisons.map(({ steps, plainSteps }) => [steps, plainSteps])).toEqual([
    [24, 4],
    [24, 24],
    [16, 4],
    [16, 24],
  ])
  const one = agentsReportOf(outcome([RUNS[2]!]), ARMS, { model: 'm', recorded: false, planned: 1 })
  expect(agentsInWords.head(one)).toBe('1 run of agents on m, 1 of them stored by an earlier backtest')
  const apart = agentsReportOf(outcome([RUNS[2]!, RUNS[5]!]), ARMS, { model: 'm', recorded: false, planned: 6 })
  expect(apart.comparisons).toEqual([])
})

test('the page shows a point for each arm and step budget, and is whole when runs are of no tokens', () => {
  const { markup } = agentsSection(report)
  expect(markup.match(/<circle [^>]*><title>/g)).toHaveLength(6)
  const empty = RUNS.map((run) => ({ ...run, modified: [], usage: { ...run.usage, inputTokens: 0, outputTokens: 0 } }))
  const nothing = agentsReportOf(outcome(empty), ARMS, { model: 'm', recorded: true, planned: 6 })
  expect(agentsSection(nothing).markup).not.toMatch(/NaN|Infinity|undefined/)
})

test('break-even is measured on runs of the same task, and nothing is claimed without them', () => {
  expect(breakEven(RUNS, 100_000)).toMatchObject({ arm: 'agent-auto', steps: 24, tasks: 2, requests: 3 })
  expect(breakEven(RUNS, 100_000)!.saved.mean).toBe(36_000)
  expect(breakEven(RUNS.slice(0, 4), 100_000)).toBeNull()
  const again = [runOf('x', 'agent-auto', 24, 40_000, ALL), runOf('y', 'agent-auto', 24, 60_000, ALL)]
  expect(breakEven([...again, ...RUNS], 100_000)!.saved.mean).toBe(0) // of several runs on a feature the newest counts
  expect(breakEven([RUNS[2]!, { ...RUNS[4]!, model: 'other' }], 100_000)).toBeNull()
  expect(breakEven([runOf('x', 'agent-low', 4, 90_000, ALL), RUNS[0]!], 5000)).toMatchObject({ requests: null })
})

test('break-even is that of the largest step budget that both agents had, of the newest model', () => {
  const both = (steps: number, plain: number, auto: number) => [
    runOf('x', 'plain-agent', steps, plain, ALL),
    runOf('x', 'agent-auto', steps, auto, ALL),
  ]
  const runs = [...both(4, 10_000, 9000), ...both(24, 40_000, 15_000), runOf('x', 'agent-auto', 48, 100, ALL)]
  expect(breakEven(runs, 100_000)).toMatchObject({ steps: 24, tasks: 1, requests: 4 })
  expect(breakEven(runs.toReversed(), 100_000)).toMatchObject({ steps: 24, requests: 4 })
  const newer = both(4, 10_000, 5000).map((run) => ({ ...run, model: 'newer', at: 2 }))
  expect(breakEven([...runs, ...newer], 100_000)).toMatchObject({ model: 'newer', steps: 4, requests: 20 })
})
