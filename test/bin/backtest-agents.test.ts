import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BacktestReport } from '../../src/backtest/report.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import {
  type Behaviour,
  type ModelServer,
  refusal,
  reply,
  startModelServer,
  toolReply,
} from '../helpers/model-server.ts'
import { type RunOptions, runRepose } from '../helpers/run-repose.ts'

let shop: FixtureRepo
let server: ModelServer
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterEach(async () => {
  await server?.close()
  await shop.dispose()
})

const call = (name: string, input: object) => ({ id: name, name, arguments: JSON.stringify(input) })
const edit = call('replace', { path: 'src/vat.ts', find: 'export ', replacement: 'export  ' })
const DONE = toolReply(edit, call('done', { summary: 'x' }))
const COSTLY: Behaviour = {
  ...(DONE as Extract<Behaviour, { kind: 'reply' }>),
  usage: { prompt_tokens: 5000, completion_tokens: 10 },
}

async function backtest(behaviours: readonly Behaviour[], args: readonly string[], options: Partial<RunOptions> = {}) {
  await server?.close()
  server = await startModelServer(behaviours)
  const env = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'scripted' }
  const run = await runRepose(['backtest', '--arm', 'repose', '--json', ...args], { cwd: shop.root, env, ...options })
  const agents = run.stdout === '' ? null : (JSON.parse(run.stdout) as BacktestReport).agents
  return { ...run, agents: agents! }
}

test('both agents work on the state before the feature, are compared, and are told from real requests', async () => {
  const look = toolReply(call('read_file', { path: 'src/formatters/html.ts' }), call('list_dir', { path: 'src' }))
  const low = [reply('open src/vat.ts\n'), ...Array.from({ length: 20 }, () => reply('@@ note nothing to do'))]
  const before = await shop.git('status', '--porcelain', '--ignored')
  const args = ['--arm', 'plain-agent', '--arm', 'agent-low', '--steps', '4', '--limit', '1']
  const { code, stderr, agents } = await backtest([look, DONE, ...low], args)
  expect(code).toBe(0)
  expect(stderr).toContain('agents: 1 task x 2 arms x 1 step budget = 2 runs on scripted')
  expect(JSON.stringify(server.requests[1]!.body.messages)).toContain('src/formatters/html.ts does not exist')
  expect(agents.runs.map(({ arm, title }) => [arm, title])).toEqual([
    ['plain-agent', 'Add an HTML output format'],
    ['agent-low', 'Add an HTML output format'],
  ])
  expect(agents.runs[0]).toMatchObject({ stop: 'done', calls: 2, usd: null })
  expect(agents.comparisons).toMatchObject([{ arm: 'agent-low', steps: 4, plainSteps: 4, tasks: 1 }])
  expect(await shop.git('status', '--porcelain', '--ignored')).toBe(before)
  expect((await shop.git('worktree', 'list')).trim().split('\n')).toHaveLength(1)
  const ledger = JSON.parse((await runRepose(['ledger', '--json'], { cwd: shop.root })).stdout)
  expect(new Set(ledger.totals.map((row: { phase: string }) => row.phase))).toEqual(new Set(['backtest']))
  expect(ledger).toMatchObject({ requests: [], breakEven: { arm: 'agent-low', tasks: 1 } })
})

const TWO = ['--arm', 'plain-agent', '--steps', '3', '--limit', '2']

test('after a kill, what was finished is not paid for again, unless asked for', async () => {
  const first = await backtest([DONE, { kind: 'hang' }], TWO, {
    during: (child) => void server.seen(2).then(() => child.kill('SIGKILL')),
  })
  expect(first.signal).toBe('SIGKILL')
  const second = await backtest([DONE], TWO)
  expect([second.code, server.requests.length]).toEqual([0, 1])
  expect(second.agents).toMatchObject({ done: 2, reused: 1, stop: 'done' })
  expect(second.stderr).toContain('1 of them are stored already')
  const anew = await backtest([DONE, DONE], [...TWO, '--again'])
  expect(anew.agents).toMatchObject({ done: 2, reused: 0 })
})

test('a budget that is used up ends the backtest with what is done: exit 3', async () => {
  const { code, agents } = await backtest([COSTLY, COSTLY], [...TWO, '--budget-tokens', '6000'])
  expect(code).toBe(3)
  expect(server.requests).toHaveLength(1)
  expect(agents).toMatchObject({ done: 1, planned: 2, stop: 'out-of-budget' })
  expect(agents.reason).toContain('5,010 tokens')
})

test('recorded replies replay for nothing, with no model set, and say so', async () => {
  const file = join(shop.root, '.git', 'recording.json')
  expect((await backtest([DONE, DONE], [...TWO, '--record', file])).code).toBe(0)
  const replayed = await backtest([], [...TWO, '--replay', file], { env: {} })
  expect(replayed.agents).toMatchObject({ recorded: true, done: 2, reused: 0 })
  const { stdout } = await runRepose(['backtest', ...TWO, '--replay', file], { cwd: shop.root })
  expect(stdout).toContain('2 runs of agents on scripted (recorded), 2 of them stored by an earlier backtest')
  expect((await runRepose(['ledger'], { cwd: shop.root })).stdout).toMatch(/scripted \(recorded\).*nothing paid/)
})

test('an endpoint that refuses ends the backtest at once: exit 1, nothing stored', async () => {
  const refused = await backtest([refusal(401, { message: 'bad key' })], TWO)
  expect([refused.code, server.requests.length]).toEqual([1, 1])
  expect(refused.agents).toMatchObject({ done: 0, stop: 'model-failed' })
  expect(refused.agents.reason).toContain('401')
  expect((await backtest([DONE, DONE], TWO)).agents).toMatchObject({ done: 2, reused: 0 })
})

test('without a model, with step budgets that are none, or with a price that is unknown: exit 2 before anything is asked', async () => {
  const unset = await backtest([], TWO, { env: {} })
  expect([unset.code, unset.stdout]).toEqual([2, ''])
  expect(unset.stderr).toMatch(/^error: plain-agent cannot run without a model.*\nfix: {3}set OPENAI_API_KEY/)
  for (const more of [
    ['--steps', '0'],
    ['--steps', '4,x'],
    ['--max-usd', '1'],
  ]) {
    const { code, stderr } = await backtest([], [...TWO, ...more])
    expect([code, stderr.startsWith('error: ')]).toEqual([2, true])
  }
  expect(server.requests).toHaveLength(0)
})
