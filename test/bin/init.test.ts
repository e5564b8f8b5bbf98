import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { asOnTerminal } from '../helpers/as-on-terminal.ts'
import { isWindows } from '../helpers/platform.ts'
import { noTerminal, runOnTerminal } from '../helpers/run-on-terminal.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'

let env: Record<string, string>
beforeEach(() => {
  env = { XDG_CONFIG_HOME: scratchFolder() }
})

const repose = (cwd: string, ...args: string[]) => runRepose(args, { cwd, env })
const project = (scripts: object, more: Readonly<Record<string, string>> = {}) =>
  scratchRepo({ 'package.json': JSON.stringify({ scripts }), ...more })
const written = (root: string) => JSON.parse(readFileSync(join(root, 'repose.config.json'), 'utf8')) as object
const isWritten = (root: string) => existsSync(join(root, 'repose.config.json'))

test('no check is written that is not there', async () => {
  const root = project({ build: 'tsc' })
  const run = await repose(root, 'init')
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(run.stdout).toMatch(/^wrote repose\.config\.json, without a check\n {2}nothing here says how it is tested: /)
  expect(run.stdout).toContain('also there: npm run build')
  expect(written(root)).toEqual({ $schema: expect.any(String), checks: [] })
})

test('what is there is written with what says so, not run, and trusted at once', async () => {
  const root = project({ test: 'exit 1 # fails', typecheck: 'true && true' })
  const run = await repose(root, 'init')
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(run.stdout).toMatch(
    /^wrote .*:\n {2}npm run typecheck {2}\(package\.json, scripts\.typecheck\)\n {2}npm test {2}\(package\.json, scripts\.test\)\n/,
  )
  expect(written(root)).toMatchObject({ checks: ['npm run typecheck', 'npm test'] })
  expect((await repose(root, 'trust')).stdout).toMatch(/^trusted already:/)
})

test('run once, each is told with its time, and what it does to files is not seen in yours', async () => {
  const root = project(
    { test: 'node make.cjs', typecheck: 'node -e ""' },
    { 'make.cjs': "require('node:fs').writeFileSync('made', '')\n" },
  )
  const run = await repose(root, 'init', '--run-checks')
  expect(run.code).toBe(0)
  expect(run.stdout).toMatch(
    /^ {2}npm run typecheck {2}\(.*\): passed in [\d.]+ s\n {2}npm test {2}\(.*\): passed in [\d.]+ s$/m,
  )
  expect(written(root)).toMatchObject({ checks: ['npm run typecheck', 'npm test'] })
  expect(readdirSync(root).sort()).toEqual(['.git', 'make.cjs', 'package.json', 'repose.config.json'])
  expect(sh(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
})

test('one that fails is told with what it says, and nothing is written or trusted', async () => {
  const root = project({ test: 'echo expected 3, got 4 && exit 1', typecheck: 'node -e ""' })
  const run = await repose(root, 'init', '--run-checks')
  expect(run.code).toBe(1)
  expect(run.stdout).toMatch(/^repose\.config\.json is not written; it would contain:$/m)
  expect(run.stdout).toMatch(/^ {2}npm run typecheck .*: passed in/m)
  expect(run.stdout).toMatch(/^ {2}npm test .*: failed after [\d.]+ s\n(.*\n)* {4}expected 3, got 4$/m)
  expect(run.stderr).toMatch(
    /^error: a check fails before any edit, so nothing was written\nfix: {3}mend it .* no network.*\n$/m,
  )
  expect(isWritten(root)).toBe(false)
  expect((await repose(root, 'trust', '--list')).stdout).toBe('nothing is trusted yet\n')
})

test('one whose program is not installed is left out, and reported', async () => {
  const root = scratchRepo({ 'mix.exs': '', 'test/a_test.exs': '' })
  const run = await repose(root, 'init')
  expect(run.stdout).toContain('left out: mix test (mix.exs), since mix is not installed here')
  expect(written(root)).toMatchObject({ checks: [] })
})

test('--json says all of it', async () => {
  const root = project({ test: 'node -e ""', lint: 'x' })
  const run = await repose(root, 'init', '--run-checks', '--json')
  expect(JSON.parse(run.stdout)).toEqual({
    written: true,
    checks: [{ command: 'npm test', from: 'package.json, scripts.test' }],
    results: [expect.objectContaining({ check: 'npm test', status: 'passed', ms: expect.any(Number) })],
    missing: [],
    also: ['npm run lint'],
  })
})

test('a configuration that is there is left as it is, and its checks run only once it is trusted', async () => {
  const root = project({ test: 'x' }, { 'repose.config.json': '{"checks": ["node -e 0"]}' })
  expect((await repose(root, 'init')).stdout).toMatch(
    /^repose\.config\.json is there already; it is left as it is\n\nread:/,
  )
  const unasked = await repose(root, 'init', '--run-checks')
  expect(unasked.code).toBe(4)
  expect(unasked.stderr).toMatch(/^error: its checks were not run, .*\nfix: {3}repose trust /)
  await repose(root, 'trust')
  const run = await repose(root, 'init', '--run-checks')
  expect(run.code).toBe(0)
  expect(run.stdout).toMatch(/^ {2}node -e 0: passed in [\d.]+ s$/m)
  expect(written(root)).toEqual({ checks: ['node -e 0'] })
})

test('checks of a configuration that is there are listed, and one that fails is told', async () => {
  const root = project({ test: 'x' }, { 'repose.config.json': '{"checks": ["node -e 0", "node -e process.exit(3)"]}' })
  await repose(root, 'trust')
  expect(JSON.parse((await repose(root, 'init', '--json')).stdout)).toMatchObject({
    written: false,
    checks: ['node -e 0', 'node -e process.exit(3)'],
    results: [],
  })
  const run = await repose(root, 'init', '--run-checks')
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(/^error: a check fails before any edit\nfix: {3}mend it/m)
})

test.skipIf(isWindows)('a link that a repository has in its place is not written through', async () => {
  const root = project({ test: 'x' })
  const precious = join(scratchFolder(), 'precious')
  symlinkSync(precious, join(root, 'repose.config.json'))
  const run = await repose(root, 'init')
  expect(run.stdout).toMatch(/is there already/)
  expect(existsSync(precious)).toBe(false)
})

test('files that are not committed yet count', async () => {
  const root = scratchRepo({ 'a.ts': '' })
  write(root, 'package.json', JSON.stringify({ scripts: { test: 'node -e ""' } }))
  expect((await repose(root, 'init')).stdout).toContain('  npm test  (package.json, scripts.test)')
})

const question = /Run once now, to see whether it passes\? \[y\/N\]/
test.each([
  ['y\n', /npm test .*: passed in/],
  ['n\n', /npm test {2}\(package\.json, scripts\.test\)$/m],
])('on a terminal it asks whether to run them: %j', async (answer, told) => {
  const root = project({ test: 'node -e ""' })
  const run = await asOnTerminal(['init'], { cwd: root, env: { NO_COLOR: '1', ...env }, answers: [[question, answer]] })
  expect(run.code).toBe(0)
  expect(run.shown).toMatch(/This project has 1 check:\n {2}npm test {2}\(package\.json, scripts\.test\)\n/)
  expect(run.shown.slice(run.shown.indexOf('wrote '))).toMatch(told)
  expect(written(root)).toMatchObject({ checks: ['npm test'] })
})

test.skipIf(noTerminal)('Ctrl-C at the question writes nothing', async () => {
  const root = project({ test: 'node -e ""' })
  expect((await runOnTerminal(['init'], { cwd: root, env, question, answer: '\u0003' })).code).toBe(130)
  expect(isWritten(root)).toBe(false)
})

test.skipIf(isWindows)('a file name with a line break prints no line of its own', async () => {
  const root = scratchRepo({ 'x\nalso there: sh evil/conftest.py': '', 'tests/test_a.py': 'def test_a(): pass\n' })
  const { stdout } = await repose(root, 'init', '--print')
  expect(stdout + (await repose(root, 'init')).stdout).not.toMatch(/^also there/m)
})
