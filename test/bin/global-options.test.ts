import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { AGENT_ARMS } from '../../agents/plain/arm-names.ts'
import { COMMANDS } from '../../bin/commands/index.ts'
import { ARMS } from '../../src/backtest/arms/index.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { startRepose } from '../helpers/start-repose.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

let shop: FixtureRepo
vi.setConfig({ testTimeout: 90_000 }) // several processes each

beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterAll(() => shop.dispose())

const repose = (...args: string[]) => runRepose(args, { cwd: shop.root })

test('help is printed by help, by help COMMAND and by COMMAND --help alike, in a pipe without breaks within a line', async () => {
  const help = await repose('help')
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect((await repose('--help')).stdout).toBe(help.stdout)
  for (const { name, summary } of COMMANDS)
    expect(help.stdout).toMatch(new RegExp(`^  ${name} +${literal(summary)}$`, 'm'))
  for (const title of ['Prepare:', 'Ask and build:', 'Look back:', 'Look after:'])
    expect(help.stdout).toContain(`\n${title}\n`)
  const own = await repose('help', 'sleep')
  expect(own).toMatchObject({ code: 0, stderr: '' })
  expect(own.stdout).toMatch(/^Global Options:$/m)
  expect((await repose('sleep', '--help')).stdout).toBe(own.stdout)
  expect(await repose('help', 'nonsense')).toMatchObject({
    code: 2,
    stderr: "error: there is no command 'nonsense'\nfix:   repose help lists them\n",
  })
})

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

test('everything that takes tokens or money says so, with an example, in its help', async () => {
  for (const { name, options } of COMMANDS) {
    const limits = options.filter(({ flags }) => /tokens|usd|budget/.test(flags))
    for (const { flags, text } of limits)
      expect(`${name} ${flags}: ${text}`).toMatch(/(tokens|US dollars) .*such as [\d.]+/)
  }
})

test('the arms that backtest takes are those of the tables', () => {
  const { choices } = COMMANDS.find(({ name }) => name === 'backtest')!.options.find(
    ({ flags }) => flags === '--arm <name>',
  )!
  expect(choices).toEqual([...ARMS.map(({ id }) => id), ...AGENT_ARMS])
})

test('a wrong command line is told in two lines, with what is likely meant', async () => {
  for (const [args, what, fix] of [
    [['statsu'], "unknown command 'statsu' (Did you mean status?)", 'repose help lists the commands'],
    [
      ['context', '--jsno'],
      "unknown option '--jsno' (Did you mean --json?)",
      'repose help context lists what it takes',
    ],
    [['ask'], "missing required argument 'question'", 'give it, as in repose ask "Where are prices rounded?"'],
    [
      ['ask', 'a', 'b'],
      "too many arguments for 'ask'. Expected 1 argument but got 2.",
      'put the question in quotes, as in repose ask "Where are prices rounded?"',
    ],
    [['--json', 'status'], "unknown option '--json'", 'put it after the command: repose status --json'],
    [['ask', ' '], 'the question is empty', 'say what you want, for instance: repose ask "Where are prices rounded?"'],
  ] as const)
    expect(await repose(...args)).toMatchObject({ code: 2, stdout: '', stderr: `error: ${what}\nfix:   ${fix}\n` })
})

test('global options stand before the command or behind it', async () => {
  const elsewhere = scratchFolder()
  const run = (...args: string[]) => runRepose(args, { cwd: elsewhere })
  const files = /^files +\d+/m
  expect((await run('--repo', shop.root, 'status')).stdout).toMatch(files)
  expect((await run('status', '--repo', shop.root)).stdout).toMatch(files)
  expect((await run('-q', 'status', '--repo', shop.root, '--color', 'always')).stdout).toContain('\x1b[1m')
  expect((await run('--color', 'always', 'status', '-q', '--repo', shop.root)).stdout).toContain('\x1b[1m')
})

test('-C stands in a folder, as git does: what is relative is seen from there, and the next one from the one before', async () => {
  const elsewhere = scratchFolder()
  const run = (...args: string[]) => runRepose(args, { cwd: elsewhere })
  const own = await run('-C', shop.root, '-C', 'src', 'status', '--db', '../.git/own.db')
  expect(own.stdout).toMatch(new RegExp(`^database +${literal(join(shop.root, '.git/own.db'))}$`, 'm'))
  expect(existsSync(join(shop.root, '.git/own.db'))).toBe(true)
  const env = { REPOSE_DB: '.git/named.db' }
  const named = await runRepose(['status', '-C', shop.root], { cwd: elsewhere, env })
  expect(named.stdout).toContain(join(shop.root, '.git/named.db'))
  await run('backtest', '--limit', '1', '--html', 'out.html', '-C', shop.root)
  expect(existsSync(join(shop.root, 'out.html'))).toBe(true)
  expect(await run('-C', 'nowhere', 'status')).toMatchObject({
    code: 2,
    stderr: `error: there is no folder ${join(elsewhere, 'nowhere')}\nfix:   name an existing one with -C DIR\n`,
  })
})

test('-q prints results and errors alone', async () => {
  expect(await repose('-q', 'context', 'zzqqy xylograph')).toMatchObject({ code: 0, stderr: '' })
  expect((await repose('-q', 'context', 'Add a CSV output format')).stdout).toContain('src/formatters/index.ts')
  expect((await repose('-q', 'context', 'x', '--budget-tokens', '0')).stderr).toMatch(/^error: .*\nfix: {3}.*\n$/)
  expect((await repose('-q', 'context', '')).stderr).toMatch(/^error: /)
})

test('-v says on standard error what is done, and how long it takes', async () => {
  const { code, stdout, stderr } = await startRepose(['-v', 'context', 'Add a CSV output format'], { cwd: shop.root })
  expect(code).toBe(0)
  expect(stdout).toBe((await repose('context', 'Add a CSV output format')).stdout)
  expect(stderr).toMatch(/^\d\.\d{3} s {2}repose context, Node v/)
  expect(stderr).toMatch(/^\d+\.\d{3} s {2}git ls-files .* \(\d+ ms\)$/m)
  expect(stderr).toMatch(/^\d+\.\d{3} s {2}database .* opened {2}\(\d+ ms\)$/m)
  expect(stderr).toMatch(/^\d+\.\d{3} s {2}end\n$/m)
})

test('colours are given on a terminal alone, unless asked for or forced', async () => {
  const coloured = async (args: string[], env: Record<string, string> = {}) => {
    const run = await runRepose(['status', ...args], { cwd: shop.root, env: { NO_COLOR: '', ...env } })
    return run.stdout.includes('\x1b[')
  }
  expect(await coloured([])).toBe(false)
  expect(await coloured([], { FORCE_COLOR: '1' })).toBe(true)
  expect(await coloured([], { FORCE_COLOR: '0' })).toBe(false)
  expect(await coloured(['--color', 'always'])).toBe(true)
  expect(await coloured(['--color', 'always'], { NO_COLOR: '1' })).toBe(true)
  expect(await coloured(['--color', 'never'], { FORCE_COLOR: '1' })).toBe(false)
})

test('what a repository holds brings no colours and no controls of its own', async () => {
  const repo = await copyFixture('bookshop-ts', { indexed: true })
  await repo.write(
    'src/odd.ts',
    '/** Xylograph \x1b[31mred\x1b]0;title\x07 of it. */\nexport function xylograph() {\n  return 1\n}\n',
  )
  const { stdout } = await runRepose(['ask', 'xylograph', '--color', 'always'], { cwd: repo.root })
  await repo.dispose()
  expect(stdout).toContain('\x1b[36msrc/odd.ts:2-4\x1b[39m')
  expect(stdout).not.toMatch(/\x1b\[31m|\x1b\]|\x07/)
})
