import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COMMANDS } from '../../bin/commands/index.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { runInProcess } from '../helpers/run-in-process.ts'
import { startRepose } from '../helpers/start-repose.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

/** Each command with arguments of which it makes the same twice; the first changes nothing that the second would see. */
const RUNS: readonly (readonly [args: readonly string[], code: number])[] = [
  [['init', '--print'], 0],
  [['index'], 0],
  [['sleep', '--dry-run'], 0],
  [['watch', 'status'], 0],
  [['context', 'Add a CSV output format'], 0],
  [['implement', 'Add a CSV output format'], 2],
  [['apply', '--list'], 0],
  [['undo'], 0],
  [['backlog', '--json'], 0],
  [['hook', 'status'], 0],
  [['check'], 0],
  [['ci', 'comment'], 2],
  [['fleet', 'plan'], 2],
  [['mcp', '--print-config', 'claude'], 0],
  [['push'], 2],
  [['pull', '--dry-run'], 2],
  [['export', 'jsonl'], 0],
  [['import', 'nowhere.jsonl'], 2],
  [['ask', '--no-model', 'How is a formatter registered?'], 0],
  [['find', 'FORMATTERS'], 0],
  [['export', 'agents-md'], 0],
  [['status', '--json'], 0],
  [['ledger'], 0],
  [['receipts'], 0],
  [['backtest', '--limit', '0'], 2],
  [['doctor', '--json'], 0],
  [['trust'], 0],
  [['clean', '--dry-run'], 0],
  [['completion', 'bash'], 0],
  [['--help'], 0],
  [['frob'], 2],
]

let shop: FixtureRepo
const home = scratchFolder()
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  mkdirSync(join(home, 'repose'))
  await runInProcess(['index'], { cwd: shop.root }) // not new for either
})
afterAll(() => shop.dispose())

test('every command is here', () => {
  expect(COMMANDS.map(({ name }) => name).filter((name) => !RUNS.some(([args]) => args[0] === name))).toEqual([])
})

test.each(RUNS)('%j ends and prints as a process as it does within this one', async (args, code) => {
  const options = { cwd: shop.root, env: { XDG_CONFIG_HOME: home } }
  const [started, called] = [await startRepose(args, options), await runInProcess(args, options)]
  const steady = (text: string) =>
    text.replace(/\b\d+(\.\d+)? (ms|s|kB)\b/g, '(amount)').replace(/"ms":\s*[\d.]+/g, '"ms"')
  expect({ ...called, stdout: steady(called.stdout), stderr: steady(called.stderr) }).toEqual({
    ...started,
    stdout: steady(started.stdout),
    stderr: steady(started.stderr),
  })
  expect(started.code).toBe(code)
})
