import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asOnTerminal } from '../helpers/as-on-terminal.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { type ModelServer, reply, startModelServer } from '../helpers/model-server.ts'
import { hasTerminal, onTerminal, withoutColours } from '../helpers/on-terminal.ts'
import { runRepose } from '../helpers/run-repose.ts'

let shop: FixtureRepo
let server: ModelServer
vi.setConfig({ testTimeout: 90_000 }) // a dozen processes each

beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  const line = firstLine('src/vat.ts')
  const edit = `@@ replace src/vat.ts\n<<<<<<< find\n${line}\n======= replace\n// rounded down\n${line}\n>>>>>>> end\n@@ create src/down.ts\n<<<<<<< text\nexport const down = Math.floor\n>>>>>>> end\n`
  const replies = ['open src/vat.ts\n', edit, 'complete']
  server = await startModelServer([...replies, ...replies].map((text) => reply(text)))
})
afterEach(async () => {
  await server.close()
  await shop.dispose()
})

const firstLine = (path: string) => readFileSync(join(shop.root, path), 'utf8').split('\n')[0]!
const env = () => ({ OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'scripted' })
const repose = (...args: string[]) => runRepose(args, { cwd: shop.root, env: env() })
const implement = (...args: string[]) => repose('implement', 'Round down', '--effort', 'low', ...args)
const changes = async () => (await shop.git('status', '--porcelain', '-uall')).trim()
const APPLIED = 'M src/vat.ts\n?? src/down.ts'

test('a result is applied, taken back, listed, and applied again by the number of its run', async () => {
  const done = await implement()
  expect(done.code).toBe(0)
  expect(done.stderr).toMatch(/^run: {4}1$/m)
  expect(done.stderr).toMatch(/^applied to 2 files of your working tree: repose undo takes it back$/m)
  expect(await changes()).toBe(APPLIED)
  expect((await repose('ledger')).stdout).toMatch(/^ {2}1 .* implement .* done +Round down$/m)

  const dry = await repose('undo', '--dry-run')
  expect(dry).toMatchObject({
    code: 0,
    stdout: 'would take back run 1: Round down\n  restored src/vat.ts\n  deleted  src/down.ts\n',
  })
  expect(await changes()).toBe(APPLIED)
  expect((await repose('undo', '--list')).stdout).toMatch(/^ {2}1 .* applied {2}2 files {2}Round down$/m)

  const undone = await repose('undo')
  expect(undone).toMatchObject({ code: 0, stderr: 'repose apply 1 applies it again\n' })
  expect(await changes()).toBe('')
  expect(await repose('undo')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'there is no applied result to take back\n',
  })
  expect((await repose('apply', '--list')).stdout).toMatch(/^ {2}1 .* undone /m)

  const shown = await repose('apply', '1', '--dry-run')
  expect(shown).toMatchObject({ code: 0, stderr: 'would be applied to 2 files\n' })
  expect(shown.stdout).toContain('+// rounded down')
  expect(await changes()).toBe('')
  expect(await repose('apply', '1')).toMatchObject({ code: 0 })
  expect(await changes()).toBe(APPLIED)
  expect(await repose('apply', '1')).toMatchObject({ code: 1, stderr: expect.stringContaining('is applied already') })
  expect(JSON.parse((await repose('undo', '--json')).stdout)).toMatchObject({
    run: 1,
    restored: ['src/vat.ts'],
    deleted: ['src/down.ts'],
  })
})

test('a result that was not applied is listed with the number of its files too', async () => {
  await implement('--branch', 'down')
  expect((await repose('apply', '--list')).stdout).toMatch(/^ {2}1 .* committed {2}2 files {2}Round down$/m)
})

test('what was changed since is named, and nothing is taken back', async () => {
  await implement()
  await shop.write('src/vat.ts', 'mine\n')
  const run = await repose('undo')
  expect(run).toMatchObject({ code: 1, stdout: '' })
  expect(run.stderr).toMatch(
    /^error: nothing was taken back: changed since run 1 was applied: src\/vat\.ts\nfix: {3}.*git apply -R /,
  )
  expect(await changes()).toBe(APPLIED)
})

test('a diff file, or one on standard input, is applied, merged where it has to be, and can be taken back', async () => {
  const { stdout: diff } = await implement('--dry-run')
  expect(existsSync(join(shop.root, '.git/repose/results'))).toBe(false)
  const file = join(shop.root, '.git/some.diff')
  await shop.write('.git/some.diff', diff)
  await shop.write('src/vat.ts', `${readFileSync(join(shop.root, 'src/vat.ts'), 'utf8')}// mine\n`)
  expect((await repose('apply', file)).code).toBe(0)
  expect(readFileSync(join(shop.root, 'src/vat.ts'), 'utf8')).toMatch(/^\/\/ rounded down\n.*\/\/ mine\n$/s)
  expect((await repose('undo')).code).toBe(0)
  const piped = await runRepose(['apply', '-'], { cwd: shop.root, input: diff })
  expect(piped.code).toBe(0)
  expect(await changes()).toBe(APPLIED)
  expect(await repose('apply', 'nowhere.diff')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no such file'),
  })
  expect(await repose('apply')).toMatchObject({ code: 2, stderr: expect.stringContaining('repose apply --list') })
})

test('what does not fit and cannot be merged, and what is no diff, is reported; nothing is changed or kept', async () => {
  const { stdout: diff } = await implement('--dry-run')
  await shop.write('src/vat.ts', 'all of it mine\n')
  await shop.write('src/down.ts', 'mine too\n')
  const before = await changes()
  await shop.write('.git/some.diff', diff)
  for (const more of [[], ['--dry-run']]) {
    const run = await repose('apply', '.git/some.diff', ...more)
    expect(run.code).toBe(1)
    expect(run.stderr).toMatch(
      /^error: .*src\/down\.ts, src\/vat\.ts.*\nfix: {3}git apply --3way .*conflict markers\n$/,
    )
  }
  const piped = await runRepose(['apply', '-'], { cwd: shop.root, input: diff })
  expect(piped.stderr).toMatch(
    /\nfix: {3}git apply --3way FILE merges it with conflict markers, once it is kept in a file\n$/,
  )
  await shop.write('.git/none.diff', 'no diff\n')
  expect(await repose('apply', '.git/none.diff')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('holds no diff'),
  })
  for (const path of ['.git/hooks/pre-commit', '.GIT/hooks/pre-commit', '../outside']) {
    await shop.write(
      '.git/evil.diff',
      `diff --git a/${path} b/${path}\nnew file mode 100755\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+x\n`,
    )
    expect(await repose('apply', '.git/evil.diff')).toMatchObject({ code: 1, stdout: '' })
  }
  expect(await changes()).toBe(before)
  expect(existsSync(join(shop.root, '.git/hooks/pre-commit'))).toBe(false)
  expect(existsSync(join(shop.root, '.git/repose/results'))).toBe(false)
})

test('a kept result is committed to a branch', async () => {
  await implement()
  await repose('undo')
  const run = await repose('apply', '1', '--branch', 'repose/down')
  expect(run).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^committed to repose\/down \([0-9a-f]{10}\)\n$/),
  })
  expect(await shop.git('show', '--stat', '--format=%s', 'repose/down')).toMatch(/^Round down\n\n src\/down\.ts/)
  expect(await changes()).toBe('')
  expect(await repose('apply', '1', '--branch', 'repose/down')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('repose/down'),
  })
})

test('a run that is not done keeps its diff, to be applied all the same', async () => {
  const run = await implement('--mend', '--check', 'false')
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(/^not applied; the diff so far is kept: repose apply 1 applies it$/m)
  expect((await repose('apply', '1')).code).toBe(0)
  expect(await changes()).toBe(APPLIED)
})

test('on a terminal the diff is shown in colour and asked about; no keeps it, --yes does not ask', async () => {
  const ask = (answer: string, ...args: string[]) =>
    asOnTerminal(['implement', 'Round down', '--effort', 'low', ...args], {
      cwd: shop.root,
      env: env(),
      answers: [[/\[y\/N\] $/, answer]],
    })
  const no = await ask('n\n')
  expect(no.code).toBe(1)
  expect(no.shown).toContain('\x1b[32m+// rounded down\x1b[39m')
  const shown = withoutColours(no.shown)
  expect(shown).toContain('Apply this to 2 files of your working tree? [y/N] ')
  expect(shown).toMatch(/^error: not applied, as you said\nfix: {3}repose apply 1 applies it after all$/m)
  expect(await changes()).toBe('')
  const yes = await asOnTerminal(['apply', '1'], { cwd: shop.root, answers: [[/\[y\/N\] $/, 'y\n']] })
  expect(yes.code).toBe(0)
  expect(await changes()).toBe(APPLIED)
  await repose('undo')
  const sure = await ask('', '--yes')
  expect(sure.code).toBe(0)
  expect(sure.shown).not.toContain('[y/N]')
  expect(await changes()).toBe(APPLIED)
  expect(readdirSync(join(shop.root, '.git/repose/results')).filter((name) => name.endsWith('.diff'))).toHaveLength(2)
}, 60_000)

test.runIf(hasTerminal)(
  'the end of the input is no yes, and Ctrl-C ends at the question',
  async () => {
    for (const [keys, code] of [
      ['\x04', 1],
      ['\x03', 130],
    ] as const) {
      const { diff } = JSON.parse((await implement('--dry-run', '--json')).stdout)
      await shop.write('.git/some.diff', diff)
      const end = await onTerminal(['apply', '.git/some.diff'], { cwd: shop.root, answers: [[/\[y\/N\] $/, keys]] })
      expect(end.code).toBe(code)
      expect(await changes()).toBe('')
    }
  },
  60_000,
)
