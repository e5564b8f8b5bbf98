import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { COMMANDS } from '../../bin/commands/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { removeFolder } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo, write } from '../repo/scratch-repo.ts'

let shop: FixtureRepo
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts')
})
afterAll(() => shop.dispose())

const repose = (...args: string[]) => runRepose(args, { cwd: shop.root })
const json = async <T>(...args: string[]) => JSON.parse((await repose(...args, '--json')).stdout) as T

test('--help lists every command with its line, and each command shows examples', async () => {
  const help = await repose('--help')
  expect(help.code).toBe(0)
  for (const command of COMMANDS) expect(help.stdout.replace(/\s+/g, ' ')).toContain(command.summary)
  for (const command of COMMANDS) {
    const own = await repose(command.name, '--help')
    expect(own.code).toBe(0)
    expect(own.stdout).toContain(command.examples[0])
  }
})

test('index says what was read, then that nothing changed', async () => {
  const first = await json<{ code: number; symbols: number; commits: number; parsed: number }>('index')
  expect(first).toMatchObject({ code: 46, commits: 17, parsed: 55 })
  expect(first.symbols).toBeGreaterThan(150)
  expect((await repose('index')).stdout).toContain('nothing changed')
})

test('context ranks the files of the feature first and keeps to its budget', async () => {
  const pack = await json<{ files: { path: string; role: string; why: string[] }[]; tokens: number; text: string }>(
    'context',
    'Add a CSV output format',
    '--budget-tokens',
    '1500',
  )
  expect(pack.files.slice(0, 4).map((file) => file.path)).toContain('src/formatters/index.ts')
  expect(pack.files.filter((file) => file.role === 'modify').map((file) => file.path)).toContain('src/config/schema.ts')
  expect(pack.files.filter((file) => file.role === 'test').map((file) => file.path)).toContain(
    'test/formatters.test.ts',
  )
  expect(pack.files.every((file) => file.why.length > 0)).toBe(true)
  expect(pack).toMatchObject({ recipe: null }) // no pass has mined any
  expect(pack.tokens).toBeLessThanOrEqual(1500)
  expect(countTokens(pack.text)).toBe(pack.tokens)
})

test('a request can come from standard input', async () => {
  const run = await runRepose(['context', '-'], { cwd: shop.root, input: 'Add a CSV output format\n' })
  expect(run.code).toBe(0)
  expect(run.stdout).toContain('src/formatters/index.ts')
})

test('a request that little here speaks of is told so, with the words that no file holds', async () => {
  const request = 'Eine Order nach Verlag und Jahr sortieren und filtern'
  expect(await repose('context', request)).toMatchObject({
    code: 0,
    stderr:
      'little in this repository speaks of the request: no file holds Eine, nach, Verlag, und, Jahr, sortieren, filtern\n',
  })
  expect(await json('context', request)).toMatchObject({
    unknownWords: expect.arrayContaining(['Verlag']),
  })
  expect((await repose('context', 'Add a CSV output format')).stderr).toBe('')
})

test('the first commit, with which everything came, ties nothing to anything', async () => {
  const names = ['cache', 'cart', 'book', 'shop', 'price', 'order']
  const root = scratchRepo(Object.fromEntries(names.map((name) => [`src/${name}.ts`, `export const ${name} = 1\n`])))
  const run = await runRepose(['context', 'Add a timeout to the cache', '--json'], { cwd: root })
  const { files } = JSON.parse(run.stdout)
  expect(files[0]).toMatchObject({ path: 'src/cache.ts', role: 'modify' })
  expect(run.stdout).not.toContain('changes with')
})

test('only where nothing speaks of a request that is said: not of a request that documents alone speak of', async () => {
  expect((await repose('context', 'zzqqy xylograph')).stderr).toBe('nothing in this repository speaks of the request\n')
  const book = scratchRepo({ 'install.md': '# Homebrew taps\n', 'use.md': '# Usage\n', 'run.md': '# Runs\n' })
  const run = await runRepose(['context', 'Explain Homebrew taps'], { cwd: book })
  expect(run.stdout).toContain('install.md')
  expect(run.stdout + run.stderr).not.toMatch(/nothing/i)
})

const READERS = `
read by:
kind         who
drafts       you (backlog show, apply), implement
plans        the next draft, implement
forecasts    you (backlog --forecasts), implement
recipes      context, implement, check, status --recipes
files        context, search, MCP explain
definitions  context, MCP explain
folders      ask, MCP explain, the summary of the folder above
repository   ask, MCP explain
`

test('sleep --dry-run tells what a pass without a model writes and learns, before and after it', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  try {
    const dry = async () => (await runRepose(['sleep', '--dry-run'], { cwd: own.root })).stdout
    const first = await dry()
    await runRepose(['sleep'], { cwd: own.root })
    expect([first, await dry()]).toEqual([
      `would put together 41 summaries from comments, README and facts, without a model; 0 are there already
recipes: would be mined from the history
${READERS}`,
      `would put together 0 summaries from comments, README and facts, without a model; 41 are there already
recipes: those of this commit are known
${READERS}`,
    ])
  } finally {
    await own.dispose()
  }
})

test('sleep without a model writes summaries for nothing, and finds them again', async () => {
  const first = await json<{ written: number; model: string; notes: string[] }>('sleep')
  expect(first.model).toBe('none')
  expect(first.written).toBeGreaterThan(30)
  expect(first.notes).toContain('recipes: 4, from 10 past additions')
  expect(await json('sleep')).toMatchObject({ written: 0 })
  const status = await json<{ summaries: { kind: string; model: string }[] }>('status')
  expect(status.summaries.map((row) => row.kind)).toEqual(expect.arrayContaining(['file', 'module', 'repository']))
  expect(new Set(status.summaries.map((row) => row.model))).toEqual(new Set(['none']))
})

test('index says of which languages files are searched as text only', async () => {
  const root = scratchRepo({
    'a.ts': 'export const a = 1\n',
    'b.hs': 'b = 1\n',
    'c.hs': 'c = 1\n',
    'd.erl': 'd\n',
    'e.kt': 'val e = 1\n',
    'e.md': 'e\n',
  })
  onTestFinished(() => removeFolder(root))
  const { stdout } = await runRepose(['index'], { cwd: root })
  expect(stdout).toMatch(/^languages: kotlin 1, typescript 1\nnot parsed, searched as text: \.hs 2, \.erl 1$/m)
  expect(JSON.parse((await runRepose(['index', '--json'], { cwd: root })).stdout)).toMatchObject({
    textOnly: { '.hs': 2, '.erl': 1 },
  })
})

test('sleep says where there is too little history to learn from', async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  onTestFinished(() => removeFolder(root))
  const { stdout } = await runRepose(['sleep'], { cwd: root })
  expect(stdout).toMatch(/\n- too little history to learn from: 0 past additions\n$/)
  expect((await repose('sleep')).stdout).not.toContain('too little history')
})

test('once a pass has mined them, context and status tell of recipes', async () => {
  const line =
    /^Past commits of this kind \(3, e\.g\. \w{7} "Add a Markdown output format"\) usually changed CHANGELOG\.md \(3 of 3\), .*, and made a new src\/formatters\/\*\.ts like src\/formatters\/html\.ts \(3 of 3\)$/
  const pack = await json<{ recipe: { commits: unknown[] }; text: string }>('context', 'Add a CSV output format')
  expect(pack.recipe).toMatchObject({ name: 'format', line: expect.stringMatching(line) })
  expect(pack.recipe).toMatchObject({
    steps: expect.arrayContaining([
      expect.objectContaining({ place: 'CHANGELOG.md', kind: 'changelog', held: 3, created: 0 }),
    ]),
  })
  expect(pack.recipe.commits).toHaveLength(3)
  expect(pack.recipe.commits[0]).toEqual({
    hash: expect.stringMatching(/^[0-9a-f]{40}$/),
    subject: 'Add an HTML output format',
  })
  expect(pack.text.split('\n')[1]).toMatch(line)
  expect(await json('context', 'Add a CSV output format', '--budget-tokens', '20')).toMatchObject({
    recipe: { line: expect.stringMatching(line) },
  })
  expect(await json('status')).toMatchObject({ recipes: { count: 4, additions: 10 } })
  expect((await repose('status')).stdout).toMatch(/^recipes +4, from 10 past additions$/m)
})

test('a request for another one of a kind is told what each of the kind took', async () => {
  const { files } = await json<{ files: { path: string; role: string; why: string[] }[] }>(
    'context',
    'Add a gift command',
  )
  const named = files.filter(({ role }) => role !== 'maybe')
  expect(named.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['src/cli/commands/index.ts', 'CHANGELOG.md', 'docs/commands.md']),
  )
  expect(named.find(({ path }) => path === 'src/cli/commands/index.ts')!.why[0]).toBe(
    'changed by 3 of 3 past commits of this kind',
  )
})

test('what a new file is to look like is to read, in the pack and as JSON', async () => {
  const own = await copyFixture('ferry-py', { indexed: true })
  const run = async (...args: string[]) => (await runRepose(args, { cwd: own.root })).stdout
  try {
    await run('sleep')
    const { files } = JSON.parse(await run('context', 'Add a fare rule for bicycles', '--json')) as {
      files: { path: string; role: string; why: string[] }[]
    }
    expect(files.filter(({ role }) => role === 'read')).toMatchObject([
      {
        path: 'src/ferry/fares/group.py',
        why: expect.arrayContaining(['3 of 3 such commits made a new src/ferry/fares/*.py like it']),
      },
      {
        path: 'news/group-fare.feature.md',
        why: expect.arrayContaining(['3 of 3 such commits made a new news/*.feature.md like it']),
      },
    ])
    expect(await run('context', 'Add a fare rule for bicycles')).toMatch(/^read src\/ferry\/fares\/group\.py /m)
  } finally {
    await own.dispose()
  }
})

test('a shallow clone is told so', async () => {
  const clone = join(scratchFolder(), 'shallow')
  await shop.git('clone', '-q', '--depth', '3', pathToFileURL(shop.root).href, clone)
  const run = (...args: string[]) => runRepose(args, { cwd: clone })
  expect((await run('index')).stderr).toMatch(/^note: this clone is shallow, .*git fetch --unshallow/m)
  const sleep = ['sleep']
  for (const args of [sleep, [...sleep, '--json']])
    expect((await run(...args)).stderr).toMatch(/^note: this clone is shallow, .*git fetch --unshallow/m)
  expect((await run('status')).stdout).toMatch(/^past commits +\d+ \(this clone is shallow: git fetch --unshallow/m)
  expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject({ isShallow: true })
  expect((await run('doctor')).stdout).toMatch(/^ok +repository .*\(shallow: git fetch --unshallow/m)
  expect((await run('backtest')).stdout.replaceAll('\n', ' ')).toContain(
    'This clone is shallow: 3 commits of the mainline were looked at, and earlier ones are not in this clone',
  )
  await shop.git('-C', clone, 'fetch', '-q', '--unshallow')
  expect((await run('status')).stdout).toMatch(/^past commits +17$/m)
  expect((await run(...sleep)).stdout).toContain('from 10 past additions')
  expect((await repose('index')).stderr).not.toContain('shallow')
  expect((await repose('status')).stdout).not.toContain('shallow')
  expect(JSON.parse((await repose('status', '--json')).stdout)).toMatchObject({ isShallow: false })
})

test('status lists recipes with their steps, and what was not read', async () => {
  const { stdout } = await repose('status', '--recipes')
  expect(stdout).toMatch(/^ {2}make a new src\/cli\/commands\/\*\.ts like src\/cli\/commands\/refund\.ts \(3 of 3\)$/m)
  expect(stdout).toMatch(/^any addition {2}\(10 past commits, e\.g\. [0-9a-f]{7} ".*"\)$/m)
  expect(stdout).toMatch(/^ {2}change CHANGELOG\.md \(10 of 10\)$/m)
  expect(await json('status', '--recipes')).toMatchObject({
    recipes: [{ by: 'kind', name: 'new command' }, { by: 'word' }, { by: 'word' }, { by: 'habit' }],
  })
  expect((await repose('status', '--left-out')).stdout).toBe('all files were read\n')
  const odd = await copyFixture('bookshop-ts', { indexed: true })
  writeFileSync(join(odd.root, 'logo.bin'), '\0')
  writeFileSync(join(odd.root, 'src/half.ts'), 'export const a = 1\nexport function (( {\n')
  writeFileSync(join(odd.root, 'src/twice.ts'), 'const a = = 1; const b = = 2\n')
  const { stdout: table } = await runRepose(['status', '--left-out'], { cwd: odd.root })
  odd.dispose()
  expect(table.match(/src\/twice\.ts:1-1/g)).toHaveLength(1)
  expect(table).toMatch(/^binary +it contains a NUL byte +logo\.bin$/m)
  expect(table).toMatch(/^unreadable to the parser +src\/half\.ts:2-\d$/m)
})

test('status shows by which rule each file is left out, also rules of the configurations', async () => {
  const root = scratchRepo({
    'src/vendor/invoice.py': 'def invoice(): pass\n',
    'src/a.ts': 'export const a = 1\n',
    'old/b.ts': 'export const b = 1\n',
    'yarn.lock': 'x\n',
    'lib/third_party/x/LICENSE': 'MIT\n',
    'lib/third_party/x/x.c': 'int x;\n',
    '.gitattributes': 'made.ts linguist-generated\n',
    'made.ts': 'export const made = 1\n',
    'repose.config.json': '{ "exclude": ["old/"], "include": ["yarn.lock"], "maxFileBytes": 1000 }\n',
    'long.ts': `export const long = '${'y '.repeat(1000)}'\n`,
  })
  const { stdout } = await runRepose(['status', '--left-out'], { cwd: root })
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ['why', 'by which rule', 'what'],
    ['excluded', 'exclude "old/" of repose.config.json', 'old/b.ts'],
    ['generated', '.gitattributes: linguist-generated', 'made.ts'],
    ['oversized', 'larger than maxFileBytes, 1,000', 'long.ts'],
    ['vendored', 'it came with lib/third_party/x/LICENSE', 'lib/third_party/x/LICENSE'],
    ['vendored', 'it came with lib/third_party/x/LICENSE', 'lib/third_party/x/x.c'],
  ])
  const told = JSON.parse((await runRepose(['status', '--left-out', '--json'], { cwd: root })).stdout)
  expect(told.leftOut).toContainEqual({
    path: 'made.ts',
    lines: null,
    reason: 'generated',
    rule: '.gitattributes: linguist-generated',
  })
  const pack = await runRepose(['context', 'Round the invoice', '--json'], { cwd: root })
  expect(JSON.parse(pack.stdout).files[0]).toMatchObject({ path: 'src/vendor/invoice.py' })
})

test('what is included is read whatever its text is, and an include that matches nothing is told', async () => {
  const generated = '// Code generated by hand. DO NOT EDIT.\n'
  const long = `export const long = '${'y'.repeat(6000)}'\n`
  const root = scratchRepo({
    'src/a.ts': `${generated}export function fromInclude() {}\n`,
    'src/same.ts': `${generated}export function fromInclude() {}\n`,
    'src/b.ts': `${generated}export function fromIgnore() {}\n`,
    'src/c.ts': `${generated}export function fromAttribute() {}\n`,
    'src/long.ts': long,
    'src/numbers.c': `${'1, '.repeat(20)}\n`,
    'src/big.ts': `${long}// ${'z '.repeat(9000)}\n`,
    '.reposeignore': '!src/b.ts\n',
    '.gitattributes': 'src/c.ts linguist-generated=false\n',
  })
  const config = {
    include: ['src/a.ts', 'src/long.ts', 'src/numbers.c', 'src/big.ts', 'nosuch/**', '['],
    maxFileBytes: 20_000,
  }
  await runRepose(['index'], { cwd: root })
  write(root, 'repose.config.json', JSON.stringify(config))
  const { leftOut, unmatched } = JSON.parse((await runRepose(['status', '--left-out', '--json'], { cwd: root })).stdout)
  expect(leftOut).toMatchObject([
    { path: 'src/same.ts', reason: 'generated' },
    { path: 'src/big.ts', reason: 'oversized' },
  ])
  expect(unmatched).toEqual(['include "nosuch/**" of repose.config.json', 'include "[" of repose.config.json'])
  for (const name of ['fromInclude', 'fromIgnore', 'fromAttribute'])
    expect((await runRepose(['find', name], { cwd: root })).stdout).toMatch(/^src\/[abc]\.ts:2/m)
  const { stderr } = await runRepose(['status', '--left-out'], { cwd: root })
  expect(stderr).toContain('include "nosuch/**" of repose.config.json matches no file')

  write(root, 'repose.config.json', '{}')
  const after = JSON.parse((await runRepose(['status', '--left-out', '--json'], { cwd: root })).stdout)
  expect(after.leftOut.map(({ path }: { path: string }) => path)).toEqual([
    'src/a.ts',
    'src/same.ts',
    'src/big.ts',
    'src/long.ts',
    'src/numbers.c',
  ])
})

test('where past commits show no kind of addition often enough, status says so', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  const run = (...args: string[]) => runRepose(args, { cwd: own.root })
  await run('sleep')
  const { db, close } = openStore(join(own.root, '.git/repose/repose.db'))
  db.run('DELETE FROM recipe')
  expect(JSON.parse((await run('status', '--recipes', '--json')).stdout)).toEqual({ recipes: [], minedIn: null })
  expect((await run('status', '--recipes')).stdout).toMatch(
    /^no recipes: past commits show no kind of addition often enough\n$/,
  )
  close()
  await own.dispose()
})

test('status tells the passes of its own working tree, and receipts say whose the others were', async () => {
  const other = join(scratchFolder(), 'other')
  await shop.git('worktree', 'add', '-q', '--detach', other, 'HEAD~1')
  const inOther = async (...args: string[]) => (await runRepose(args, { cwd: other })).stdout
  expect(await inOther('status')).toMatch(/^last pass +none of this working tree: repose receipts lists all$/m)
  expect(await inOther('receipts')).toMatch(/^pass 1 .* in \S+ {2}done$/m)
  expect(await inOther('sleep')).toMatch(/^5 summaries written, 35 found again/m)
  const told = await inOther('status')
  expect(told).toMatch(/^last pass +.*, done, 5 summaries written$/m)
  expect(told).toMatch(/^recipes +2, from 9 past additions$/m)
  expect(told).toMatch(/^ {2}learned +recipes: 2, from 9 past additions$/m)
  expect(await inOther('status')).toContain('\n  spent     nothing, no model was asked\n  written   ')
  expect((await repose('status')).stdout).toMatch(/^ {2}learned +recipes: 4, from 10 past additions$/m)
  expect((await repose('receipts')).stdout).toMatch(/^pass 1 .* no model {2}done$/m)
})

test('ask answers with places that exist', async () => {
  const answer = await json<{ evidence: { path: string; line: number }[]; model: string }>(
    'ask',
    'How is a formatter registered?',
  )
  expect(answer.model).toBe('none')
  expect(answer.evidence[0]).toMatchObject({ path: 'src/formatters/index.ts' })
})

test('a linked working tree is told the recipes that were mined in another one', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  const linked = join(scratchFolder(), 'linked')
  try {
    await own.git('worktree', 'add', '-q', '-b', 'feature', linked)
    await runRepose(['sleep'], { cwd: own.root })
    const [here, there] = await Promise.all(
      [own.root, linked].map((cwd) => runRepose(['context', 'Add a CSV output format', '--json'], { cwd })),
    )
    const recipeOf = ({ stdout }: { stdout: string }) => (JSON.parse(stdout) as { recipe: { name: string } }).recipe
    expect(recipeOf(here!)).not.toBeNull()
    expect(recipeOf(there!)).toEqual(recipeOf(here!))
    const status = await runRepose(['status', '--json'], { cwd: linked })
    expect(JSON.parse(status.stdout)).toMatchObject({ recipes: { minedIn: own.root } })
    expect((await runRepose(['status'], { cwd: linked })).stdout).toMatch(/^ *recipes .*, mined in .*$/m)
    expect((await runRepose(['status', '--recipes'], { cwd: linked })).stderr).toBe(`recipes mined in ${own.root}\n`)
  } finally {
    await own.dispose()
  }
})

test('receipts and ledger tell of the passes', async () => {
  expect((await repose('receipts')).stdout).toMatch(/pass 1 .*no model {2}done/)
  expect((await repose('ledger')).stderr).toBe('no model call has been made\n')
  expect((await repose('ledger', '--days', '0')).stderr).toBe('no model call has been made in the last 0 days\n')
})

test('init --print names every key: those with a default in JSON, the others beside it', async () => {
  const { stdout, stderr } = await runRepose(['init', '--print'], { cwd: shop.root })
  expect(JSON.parse(stdout)).toMatchObject({ packTokens: 2000 })
  expect(stderr).toMatch(
    /^without a default: sleep.budgetTokens, sleep.maxUsd\n[\s\S]*^without a default: model, sleepModel, /m,
  )
})

test('init --print names the keys of the user configuration too', async () => {
  const { stdout, stderr } = await runRepose(['init', '--print'], { cwd: shop.root })
  for (const key of ['baseUrl', 'timeoutMs', 'stream', 'serviceTier', 'quietHours', 'caps.dayTokens', 'repositories']) {
    expect(stderr).toContain(key)
    expect(stdout).not.toContain(key)
  }
})

test('init writes a configuration that is valid, and leaves one that is there', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  try {
    const env = { XDG_CONFIG_HOME: scratchFolder() }
    const first = await runRepose(['init'], { cwd: own.root, env })
    expect(first.stdout).toMatch(
      /^wrote repose\.config\.json, [\s\S]* {2}npm test {2}\(package\.json, scripts\.test\)$/m,
    )
    expect(first.stdout).toContain('the last 3,000 commits')
    expect((await runRepose(['status'], { cwd: own.root })).code).toBe(0)
    expect((await runRepose(['init'], { cwd: own.root, env })).stdout).toContain('is there already')
  } finally {
    await own.dispose()
  }
})

test('a budget that holds no file is said', async () => {
  const run = await repose('context', 'Add a CSV output format', '--budget-tokens', '0')
  expect(run).toMatchObject({ code: 1, stdout: '' })
  expect(run.stderr).toContain('error: no file fits into 0 tokens\nfix:   raise --budget-tokens')
})

test('clean asks for --yes, then deletes the database when no process has it open', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  try {
    await runRepose(['index'], { cwd: own.root })
    expect((await runRepose(['clean'], { cwd: own.root })).code).toBe(1)
    const open = openStore(join(own.root, '.git/repose/repose.db'))
    const refused = await runRepose(['clean', '--yes'], { cwd: own.root })
    open.close()
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('in use by another process') })
    expect((await runRepose(['clean', '--yes'], { cwd: own.root })).stdout).toContain('deleted')
    expect((await runRepose(['clean', '--yes'], { cwd: own.root })).stdout).toContain('nothing to delete')
  } finally {
    await own.dispose()
  }
})

test('clean deletes what is of the database and nothing else, and never under a pass', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  try {
    const names = ['data', 'data-mine.csv', 'data.past', 'data.sleep.lock', 'data.txt', 'data.watch.log.1', 'database']
    for (const name of names) await own.write(`kept/${name}`, '')
    const clean = (...more: string[]) =>
      runRepose(['clean', '--yes', '--db', join(own.root, 'kept/data'), ...more], { cwd: own.root })
    await own.write('kept/data.sleep.lock', JSON.stringify({ pid: process.pid, startedAt: null }))
    const refused = await clean()
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(`is in use by process ${process.pid}`)
    expect(readdirSync(join(own.root, 'kept')).sort()).toEqual(names)
    await own.write('kept/data.sleep.lock', '')
    await own.write('kept/data.past.files/1f2e', 'of a backtest that was killed')
    expect((await clean()).code).toBe(0)
    expect(readdirSync(join(own.root, 'kept')).sort()).toEqual(['data-mine.csv', 'data.txt', 'database'])
  } finally {
    await own.dispose()
  }
})

test('clean --db FILE.past deletes the cache of the past alone, damaged or not, and not while a process reads it', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  try {
    const folder = join(own.root, '.git/repose')
    await runRepose(['index'], { cwd: own.root })
    await runRepose(['index', '--db', join(own.root, 'other')], { cwd: own.root })
    for (const path of [join(folder, 'repose.db'), join(own.root, 'other')]) {
      const clean = () => runRepose(['clean', '--yes', '--db', `${path}.past`], { cwd: own.root })
      writeFileSync(`${path}.past`, 'garbage '.repeat(1000))
      writeFileSync(`${path}.past.lock`, JSON.stringify({ pid: process.pid, startedAt: null }))
      expect(await clean()).toMatchObject({ code: 1, stderr: expect.stringContaining(`process ${process.pid}`) })
      writeFileSync(`${path}.past.lock`, '')
      expect(await clean()).toMatchObject({ code: 0, stdout: `deleted ${path}.past (8 kB)\n` })
      expect(existsSync(path)).toBe(true)
      expect(existsSync(`${path}.past.lock`)).toBe(false)
    }
    await own.write('mine.past', 'garbage')
    expect((await runRepose(['clean', '--yes', '--db', join(own.root, 'mine.past')], { cwd: own.root })).code).toBe(2)
  } finally {
    await own.dispose()
  }
})

const OLD = '2026-11-29T10-20-30-123Z.json' // of a result whose diff is gone

test('clean deletes transcripts and kept results too, and says how much of what', async () => {
  const own = await copyFixture('bookshop-ts')
  try {
    await runRepose(['index'], { cwd: own.root })
    for (const name of [
      'transcripts/a.jsonl',
      'transcripts/b.jsonl',
      'results/c.diff',
      'results/c.json',
      'results/mine.txt',
      `results/${OLD}`,
    ])
      await own.write(`.git/repose/${name}`, 'x'.repeat(1500))
    const told =
      /^would delete .*repose\.db \([\d,]+ kB\): facts, summaries, the backlog with its drafts, the ledger\nwould delete 2 transcripts \(3 kB\)\nwould delete 2 kept results \(5 kB\)$/m
    expect((await runRepose(['clean', '--dry-run'], { cwd: own.root })).stdout).toMatch(told)
    const json = async (...args: string[]) =>
      JSON.parse((await runRepose(['clean', ...args, '--json'], { cwd: own.root })).stdout)
    const beside = [
      'repose.db',
      'repose.db-mark',
      'transcripts/a.jsonl',
      'transcripts/b.jsonl',
      `results/${OLD}`,
      'results/c.diff',
      'results/c.json',
    ]
    const files = beside.map((name) => expect.stringMatching(new RegExp(`repose/${name}$`)))
    for (const args of [[], ['--dry-run']]) expect(await json(...args)).toEqual({ deleted: false, files })
    const unused = { workingTrees: 0, contents: 0 }
    expect(await json('--unused', '--dry-run')).toEqual({ forgotten: false, ...unused })
    expect(await json('--unused')).toEqual({ forgotten: true, ...unused })
    const aside = await runRepose(['clean', '--yes', '--db', join(own.root, '.git/repose/repose.db')], {
      cwd: own.root,
    })
    expect(aside.stdout).toMatch(/^deleted .*repose\.db \([\d,]+ kB\): facts, [^\n]*\n$/)
    expect((await runRepose(['clean', '--yes'], { cwd: own.root })).stdout).toBe(
      'deleted 2 transcripts (3 kB)\ndeleted 2 kept results (5 kB)\n',
    )
    expect(readdirSync(join(own.root, '.git/repose'), { recursive: true })).toEqual(['results', 'results/mine.txt'])
  } finally {
    await own.dispose()
  }
})

test('clean leaves no empty folder, and before any pass the status says that there was none', async () => {
  const own = await copyFixture('bookshop-ts')
  try {
    expect((await runRepose(['status'], { cwd: own.root })).stdout).toMatch(
      /^last pass +none yet: repose sleep runs one$/m,
    )
    mkdirSync(join(own.root, '.git/repose/results'))
    await runRepose(['clean', '--yes'], { cwd: own.root })
    expect(existsSync(join(own.root, '.git/repose'))).toBe(false)
  } finally {
    await own.dispose()
  }
})

test('help of an action is the help of its command', async () => {
  const { stdout } = await runRepose(['help', 'backlog'], { cwd: process.cwd() })
  expect(await runRepose(['help', 'backlog', 'import'], { cwd: process.cwd() })).toMatchObject({
    code: 0,
    stdout,
    stderr: '',
  })
  const wrong = await runRepose(['help', 'backlog', 'imports'], { cwd: process.cwd() })
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toBe("error: backlog has no action 'imports'\nfix:   repose help backlog says what it takes\n")
})

test('clean follows no link out of its folder', async () => {
  const own = await copyFixture('bookshop-ts')
  try {
    await own.write('kept/a.jsonl', 'mine')
    await own.write('.git/repose/transcripts/b.jsonl', '')
    await own.remove('.git/repose/transcripts')
    symlinkSync(join(own.root, 'kept'), join(own.root, '.git/repose/transcripts'), 'junction')
    const { code, stderr } = await runRepose(['clean', '--yes'], { cwd: own.root })
    expect(code).toBe(2)
    expect(stderr).toMatch(/transcripts is a symbolic link.*\nfix: +delete the link/)
    expect(existsSync(join(own.root, 'kept/a.jsonl'))).toBe(true)
  } finally {
    await own.dispose()
  }
})

test('clean --unused makes no database where there is none', async () => {
  const own = await copyFixture('bookshop-ts')
  try {
    expect((await runRepose(['clean', '--unused'], { cwd: own.root })).stdout).toBe('there is nothing to forget\n')
    expect(existsSync(join(own.root, '.git/repose'))).toBe(false)
  } finally {
    await own.dispose()
  }
})

test('clean --unused forgets contents that no working tree holds, and keeps the rest', async () => {
  const own = await copyFixture('bookshop-ts')
  try {
    await own.write('src/extra.ts', 'export function extra() {}\n')
    await runRepose(['index'], { cwd: own.root })
    await own.remove('src/extra.ts')
    await runRepose(['index'], { cwd: own.root })
    expect((await runRepose(['clean', '--unused', '--dry-run'], { cwd: own.root })).stdout).toBe(
      'would forget 0 working trees and 1 content\n',
    )
    expect((await runRepose(['clean', '--unused'], { cwd: own.root })).stdout).toBe(
      'forgot 0 working trees and 1 content\n',
    )
    expect((await runRepose(['index'], { cwd: own.root })).stdout).toContain('nothing changed')
  } finally {
    await own.dispose()
  }
})

test('a reader that stops early is no error', async () => {
  const run = await runRepose(['context', 'Add a CSV output format'], {
    cwd: shop.root,
    during: (child) => child.stdout?.destroy(),
  })
  expect(run.stderr).toBe('')
})
