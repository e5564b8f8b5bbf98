import { expect, test } from 'vitest'
import { type RunOutcome, runAgents } from '../../../src/backtest/agents/run-agents.ts'
import type { BacktestRun } from '../../../src/store/backtests.ts'

/** Runs an arm on as many features as there are ends. */
async function runAll(ends: readonly RunOutcome['stop'][]) {
  const saved: BacktestRun[] = []
  const stops = [...ends]
  const features = ends.map((_, i) => ({ ...FEATURE, commit: `c${i}`, base: `b${i}` }))
  const outcome = await runAgents({
    features,
    arms: [{ id: 'agent-low', text: '', prompt: 'p' }],
    steps: [4],
    model: 'm',
    recorded: false,
    titleOnly: false,
    facts: { prepare: async () => {}, mine: async () => {}, at: async () => ({ store: null!, worktree: 1 }) },
    find: () => null,
    save: (run) => saved.push(run),
    run: async () => ({ ...RUN, stop: stops.shift()!, reason: 'no answer' }),
    isOver: () => null,
    signal: new AbortController().signal,
  })
  return { ...outcome, saved }
}

const FEATURE = { time: 1, title: 'Add x', body: '', modified: [], modifiedSource: [], created: [], deleted: [] }
const USAGE = { calls: 1, inputTokens: 1, cachedTokens: 0, outputTokens: 1, usd: null }
const RUN = { effort: null, modified: [], created: [], deleted: [], usage: USAGE, transcript: '' }

test('five runs in a row that the endpoint does not finish end the backtest, and fewer do not; none of them is stored', async () => {
  const down = Array.from({ length: 4 }, () => 'model-failed')
  const some = await runAll([...down, 'done', ...down])
  expect(some).toMatchObject({ stop: 'done', reason: null })
  expect([some.runs.length, some.saved.length, some.failed.length]).toEqual([1, 1, 8])
  const none = await runAll([...down, 'model-failed', 'done'])
  expect(none).toMatchObject({ stop: 'model-failed', reason: '5 runs in a row failed: no answer', runs: [], saved: [] })
})
