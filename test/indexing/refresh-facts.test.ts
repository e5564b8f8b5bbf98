import { execFileSync } from 'node:child_process'
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { keepParsers } from '../../src/parse/parser-process.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { isWindows, pathHere, removeFolder } from '../helpers/platform.ts'
import { PARSER_MS } from '../helpers/run-in-process.ts'
import { bringContents, partialClone } from '../repo/scratch-repo.ts'
import { snapshot } from './facts-snapshot.ts'

const SETTINGS = { maxFileBytes: 100_000, maxCommits: 100, processes: 1 }

let folder: string
let root: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repose-refresh-'))
  root = join(folder, 'repo')
  git(folder, 'init', '-q', '-b', 'main', '--template=', root)
})
afterEach(() => removeFolder(folder))

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'commit.gpgsign=false']
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

async function put(path: string, text: string | Buffer): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

function commitAll(message: string): void {
  git(root, 'add', '-A')
  git(root, 'commit', '-q', '--allow-empty', '-m', message)
}

async function refresh(store: Store, options: Partial<typeof SETTINGS> = {}) {
  return refreshFacts(await openRepo(root), store, { ...SETTINGS, ...options })
}

async function expectSameAsFull(store: Store): Promise<void> {
  const repo = await openRepo(root)
  const { worktree } = await refreshFacts(repo, store, SETTINGS)
  const fresh = openStore(join(folder, `fresh-${Math.random()}.db`))
  try {
    const full = await refreshFacts(repo, fresh, SETTINGS)
    expect(snapshot(store, worktree)).toEqual(snapshot(fresh, full.worktree))
  } finally {
    fresh.close()
  }
}

const TEXTS = [
  "import { vat } from './vat'\nexport function total(prices: number[]) { return vat(prices.length) }\n",
  '/** The rate. */\nexport const rate = 0.2\nexport function vat(n: number) { return n * rate }\n',
  "export class Cart {\n  add(line: string) { return parse(line) }\n}\nimport { parse } from './lib/parse'\n",
  'def total(cart):\n    """Price of the cart."""\n    return sum(cart)\n',
  'from .total import total\n\ndef parse(line):\n    return total(line)\n',
  '# Reading lines\n\nA cart has lines.\n',
  '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }\n',
  "import { Cart } from '@/cart'\nexport const cart = new Cart()\n",
  'function broken( {\n',
  '',
]
const PATHS = [
  'src/total.ts',
  'src/vat.ts',
  'src/cart.ts',
  'src/lib/parse.ts',
  'py/total.py',
  'py/parse.py',
  'README.md',
  'tsconfig.json',
  'app.ts',
  'old/vat.ts',
  'src/vendor/vat.ts',
  'vendor/cart/total.ts',
  'vendor/cart/LICENSE',
  'LICENSE',
]
const RULES: readonly (readonly [path: string, texts: readonly string[]])[] = [
  ['.reposeignore', PATHS.map((path) => `${path}\n`)],
  ['.gitattributes', ['*.ts linguist-generated\n', 'src/** linguist-vendored\n', '*.py text\n']],
  [
    'src/.gitattributes',
    ['vat.ts -linguist-vendored -linguist-generated\n', 'vendor/** linguist-vendored=false\n', ''],
  ],
]

type Step =
  | { do: 'edit'; path: number; text: number }
  | { do: 'delete'; path: number }
  | { do: 'rename'; path: number; to: number }
  | { do: 'commit' }
  | { do: 'branch'; name: number }
  | { do: 'revert' }
  | { do: 'rule'; file: number; text: number }

const index = (list: readonly unknown[]) => fc.nat(list.length - 1)
const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('edit' as const), path: index(PATHS), text: index(TEXTS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), path: index(PATHS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), path: index(PATHS), to: index(PATHS) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('commit' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('branch' as const), name: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revert' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rule' as const), file: index(RULES), text: fc.nat(99) }) },
)

async function play(step: Step): Promise<void> {
  if (step.do === 'edit') await put(PATHS[step.path]!, TEXTS[step.text]!)
  else if (step.do === 'delete') await rm(join(root, PATHS[step.path]!), { force: true })
  else if (step.do === 'rename') {
    await mkdir(dirname(join(root, PATHS[step.to]!)), { recursive: true })
    await rename(join(root, PATHS[step.path]!), join(root, PATHS[step.to]!)).catch(() => {})
  } else if (step.do === 'commit') commitAll(`change the cart ${Math.random()}`)
  else if (step.do === 'rule') {
    const [path, texts] = RULES[step.file]!
    await put(path, texts[step.text % texts.length]!)
  } else if (step.do === 'revert') git(root, 'checkout', '-q', '-f', 'HEAD~0', '--', '.')
  else {
    commitAll('before switching')
    const branches = git(root, 'branch', '--list', `b${step.name}`)
    git(root, 'switch', '-q', ...(branches ? [] : ['-c']), `b${step.name}`)
  }
}

test('an incremental refresh gives exactly what a full one gives, after any edits, renames, branch switches and reverts', {
  timeout: 240_000,
}, async () => {
  await put('src/total.ts', TEXTS[0]!)
  commitAll('begin')
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(STEP, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      async (rounds) => {
        const store = openStore(join(folder, `run-${run++}.db`))
        try {
          for (const steps of rounds) {
            for (const step of steps) await play(step)
            await expectSameAsFull(store)
          }
        } finally {
          store.close()
        }
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 15) },
  )
})

test('a file that comes to be ignored imports nothing any more', async () => {
  await put('src/cart.ts', TEXTS[2]!)
  await put('src/lib/parse.ts', TEXTS[7]!)
  commitAll('begin')
  const store = openStore(join(folder, 'run.db'))
  await refresh(store)
  await put('.reposeignore', 'src/lib/parse.ts\n')
  await expectSameAsFull(store)
  store.close()
})

test('a file that takes the place of a deleted one is found', async () => {
  await put('src/vat.ts', TEXTS[1]!)
  await put('src/total.ts', TEXTS[0]!)
  commitAll('begin')
  const store = openStore(join(folder, 'run.db'))
  await refresh(store)
  const last = store.db.get<{ path: string }>('SELECT path FROM file ORDER BY id DESC LIMIT 1')!.path
  await rm(join(root, last))
  await put('src/cart.ts', TEXTS[7]!) // its row gets the number of the one that is gone
  await expectSameAsFull(store)
  store.close()
})

test('a rename, a branch switch and a second worktree parse nothing', async () => {
  await put('src/vat.ts', TEXTS[1]!)
  await put('src/total.ts', TEXTS[0]!)
  commitAll('begin')
  git(root, 'switch', '-q', '-c', 'other')
  await put('src/vat.ts', TEXTS[2]!)
  commitAll('other vat')
  const store = openStore(join(folder, 'a.db'))
  expect((await refresh(store)).parsed).toBe(2)
  git(root, 'switch', '-q', 'main')
  expect((await refresh(store)).parsed).toBe(1)
  git(root, 'switch', '-q', 'other')
  expect(await refresh(store)).toMatchObject({ parsed: 0, files: 1 })
  await rename(join(root, 'src/vat.ts'), join(root, 'src/tax.ts'))
  expect(await refresh(store)).toMatchObject({ parsed: 0, files: 2 })
  git(root, 'worktree', 'add', '-q', '--detach', join(folder, 'second'), 'main')
  const second = await refreshFacts(await openRepo(join(folder, 'second')), store, SETTINGS)
  expect(second).toMatchObject({ parsed: 0, files: 2 })
  expect(await refresh(store)).toMatchObject({ changed: false, parsed: 0, files: 0 })
  store.close()
})

test('binary, minified, generated, oversized and lock files, links, submodules and nested repositories are left out, each with its reason', async () => {
  await put('a.ts', 'export const a = 1\n')
  await put('b.dat2', Buffer.from([1, 0, 2]))
  await put('c.js', `${'x=1;'.repeat(3000)}\n`)
  await put('d.go', '// Code generated by protoc. DO NOT EDIT.\npackage d\n')
  await put('e.ts', `export const e = '${'y '.repeat(60_000)}'\n`)
  await put('yarn.lock', 'x\n')
  await put('vendor/f.js', 'f\n')
  await put('vendor/theirs/LICENSE', 'MIT\n')
  await put('vendor/theirs/g.js', 'g\n')
  await put('.gitattributes', 'h.js linguist-generated\n')
  await put('h.js', 'h\n')
  await put('img.png', 'p')
  if (!isWindows) symlinkSync('/etc', join(root, 'link')) // Windows wants a privilege for it
  commitAll('begin')
  git(root, 'update-index', '--add', '--cacheinfo', `160000,${git(root, 'rev-parse', 'HEAD').trim()},sub`)
  await put('tools/inner/g.ts', 'export const g = 1\n')
  git(join(root, 'tools/inner'), 'init', '-q')
  git(join(root, 'tools/inner'), 'add', '-A')
  git(join(root, 'tools/inner'), 'commit', '-q', '-m', 'begin')
  const store = openStore(join(folder, 'a.db'))
  const { worktree } = await refresh(store)
  const reasons = Object.fromEntries(
    store.facts
      .files(worktree)
      .map((file) => [
        file.path,
        file.reason ??
          store.db.get<{ reason: string | null }>('SELECT reason FROM source WHERE id = ?', file.source)?.reason ??
          null,
      ]),
  )
  expect(reasons).toEqual({
    'a.ts': null,
    'b.dat2': 'binary',
    'c.js': 'minified',
    'd.go': 'generated',
    'e.ts': 'oversized',
    'yarn.lock': 'lock file',
    'vendor/f.js': null,
    'vendor/theirs/LICENSE': 'vendored',
    'vendor/theirs/g.js': 'vendored',
    '.gitattributes': null,
    'h.js': 'generated',
    'img.png': 'binary',
    ...(isWindows ? {} : { link: 'symbolic link' }),
    sub: 'submodule',
    'tools/inner': 'nested repository',
  })
  store.close()
})

test('files that cannot be read as they are listed are left out with the reason, and nothing is looked for again', async () => {
  await put('kept/a.ts', 'export function a() {}\n')
  await put('kept/shown.ts', 'export function before() {}\n')
  await put('away/b.ts', 'export function b() {}\n')
  const isAnyName = process.platform === 'linux' // other file systems keep names as letters, not as bytes
  if (isAnyName) writeFileSync(Buffer.from(`${root}/caf\xe9.ts`, 'latin1'), 'export function c() {}\n')
  commitAll('begin')
  git(root, 'update-index', '--skip-worktree', 'away/b.ts', 'kept/shown.ts')
  await rm(join(root, 'away'), { recursive: true })
  await put('kept/shown.ts', 'export function after() {}\n')
  const store = openStore(join(folder, 'a.db'))
  const first = await refresh(store)
  expect(Object.fromEntries(store.facts.reasons(first.worktree).map(({ reason, files }) => [reason, files]))).toEqual({
    'not checked out': 1,
    ...(isAnyName ? { 'name not in UTF-8': 1 } : {}),
  })
  expect(first.parsed).toBe(2)
  expect(store.facts.symbolsNamed(first.worktree, 'after')).toHaveLength(1)
  expect((await refresh(store)).changed).toBe(false)
  store.close()
})

test.skipIf(isWindows)(
  'a path is what stands there: a file that only the merged side deleted, and one in place of a link',
  async () => {
    await put('kept.ts', 'export function before() {}\n')
    symlinkSync('kept.ts', join(root, 'link.ts'))
    symlinkSync('kept.ts', join(root, 'gone.ts'))
    commitAll('begin')
    git(root, 'switch', '-q', '-c', 'other')
    git(root, 'rm', '-q', 'kept.ts')
    commitAll('delete')
    git(root, 'switch', '-q', 'main')
    await put('kept.ts', 'export function ours() {}\n')
    commitAll('change')
    expect(() => git(root, 'merge', '-q', 'other')).toThrow()
    await rm(join(root, 'link.ts'))
    await rm(join(root, 'gone.ts'))
    await put('link.ts', 'export function unlinked() {}\n')
    const store = openStore(join(folder, 'a.db'))
    const { worktree } = await refresh(store)
    expect(store.facts.symbolsNamed(worktree, 'ours')).toHaveLength(1)
    expect(store.facts.symbolsNamed(worktree, 'unlinked')).toHaveLength(1)
    expect(store.facts.reasons(worktree)).toEqual([])
    store.close()
  },
)

// root may read everything, and Windows has no such mode
test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a file that may not be read is left out',
  async () => {
    await put('a.ts', 'export function a() {}\n')
    await put('closed.ts', 'export function closed() {}\n')
    await chmod(join(root, 'closed.ts'), 0)
    git(root, 'add', 'a.ts')
    git(root, 'commit', '-q', '-m', 'begin')
    const store = openStore(join(folder, 'a.db'))
    const { worktree } = await refresh(store)
    expect(store.facts.reasons(worktree)).toEqual([{ reason: 'may not be read', files: 1 }])
    store.close()
  },
)

test('odd paths, CRLF, a byte order mark and bytes that are no UTF-8 are read', async () => {
  const [quoted, broken, untracked] = ['with space/naïve "q".ts', 'new\nline.py', 'un tracked\n.ts'].map(pathHere)
  await put(quoted!, 'export function one() {}\r\nexport function two() {}\r\n')
  await put('bom.ts', '\uFEFFexport function three() {}\n')
  await put('latin.py', Buffer.from('def four():\n    return "caf\xe9"\n', 'latin1'))
  await put(broken!, 'def five(): pass\n')
  const store = openStore(join(folder, 'a.db'))
  commitAll('begin')
  await put(untracked!, 'export function six() {}\n')
  const { worktree } = await refresh(store)
  const found = (name: string) =>
    store.facts.symbolsNamed(worktree, name).map((symbol) => `${symbol.path}:${symbol.lines.first}`)
  expect(['one', 'two', 'three', 'four', 'five', 'six'].flatMap(found)).toEqual([
    `${quoted}:1`,
    `${quoted}:2`,
    'bom.ts:1',
    'latin.py:1',
    `${broken}:1`,
    `${untracked}:1`,
  ])
  store.close()
})

test('an aborted refresh keeps what was parsed and leaves the working tree as it was known before', async () => {
  for (let i = 0; i < 60; i++) await put(`f${i}.ts`, `export function f${i}() {}\n`)
  commitAll('begin')
  const store = openStore(join(folder, 'a.db'))
  const controller = new AbortController()
  const repo = await openRepo(root)
  const run = refreshFacts(repo, store, {
    ...SETTINGS,
    signal: controller.signal,
    onProgress: (done) => done === 20 && controller.abort(new Error('stop')),
  })
  await expect(run).rejects.toThrow('stop')
  expect(store.facts.worktree(repo.root).listing).toBeNull()
  const again = await refresh(store)
  expect(again.parsed).toBeLessThanOrEqual(40)
  expect(store.facts.counts(again.worktree).files).toBe(60)
  store.close()
})

test('no parser outlives the refresh that started it, whatever ends it', async () => {
  keepParsers(0)
  onTestFinished(() => keepParsers(PARSER_MS))
  const children = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length
  await put('a.ts', 'export function a() {}\n')
  commitAll('begin')
  const store = openStore(join(folder, 'a.db'))
  const repo = await openRepo(root)
  const options = { ...SETTINGS, processes: 3 } // more than there is to do
  await expect(refreshFacts({ ...repo, head: 'none' }, store, options)).rejects.toThrow() // while they start
  await vi.waitFor(() => expect(children()).toBe(0))
  await refreshFacts(repo, store, options)
  await vi.waitFor(() => expect(children()).toBe(0))
  store.close()
})

test('indexes of names that a killed bulk load left away are there after the next refresh', async () => {
  await put('a.ts', 'export function a() {}\n')
  commitAll('begin')
  const store = openStore(join(folder, 'a.db'))
  await refresh(store)
  store.facts.dropNameIndexes()
  await put('b.ts', 'export function b() {}\n')
  await refresh(store)
  expect(store.db.all("SELECT 1 FROM sqlite_schema WHERE name IN ('reference_name', 'symbol_name')")).toHaveLength(2)
  store.close()
})

test('a file that makes the parser hang or crash costs itself only', async () => {
  await put('good.ts', 'export function good() {}\n')
  await put('deep.ts', `${'('.repeat(60_000)}\n`)
  commitAll('begin')
  const store = openStore(join(folder, 'a.db'))
  const { worktree } = await refresh(store)
  expect(store.facts.symbolsNamed(worktree, 'good')).toHaveLength(1)
  expect(store.facts.file(worktree, 'deep.ts')).not.toBeNull()
  store.close()
})

test('another size limit and facts of another version are noticed', async () => {
  await put('a.ts', `export function a() {}\n// ${'long '.repeat(300)}\n`)
  commitAll('begin')
  const path = join(folder, 'a.db')
  let store = openStore(path)
  const { worktree } = await refresh(store, { maxFileBytes: 1000 })
  expect(store.facts.reasons(worktree)).toEqual([{ reason: 'oversized', files: 1 }])
  await refresh(store)
  expect(store.facts.symbolsNamed(worktree, 'a')).toHaveLength(1)
  store.db.exec('PRAGMA application_id = 1')
  store.close()
  store = openStore(path)
  expect(await refresh(store)).toMatchObject({ parsed: 1, changed: true })
  store.db.exec('PRAGMA application_id = 999')
  store.close()
  expect(() => openStore(path)).toThrow('newer version of repose')
})

test('another number of commits that count is noticed', async () => {
  for (const text of ['0', '1', '2', '3']) {
    await put('a.ts', `export const a = ${text}\n`)
    commitAll(text)
  }
  const store = openStore(join(folder, 'a.db'))
  const commits = async (maxCommits: number) => (await refresh(store, { maxCommits })).commits
  expect([await commits(3), await commits(2), await commits(3)]).toEqual([3, 2, 3])
  store.close()
})

test('a merged pull request is one change, called as it was; a merge of a branch says nothing', async () => {
  await put('a.ts', 'export const a = 1\n')
  commitAll('first')
  git(root, 'switch', '-q', '-c', 'topic')
  await put('b.ts', 'export const b = 1\n')
  commitAll('wip')
  await put('c.ts', 'export const c = 1\n')
  commitAll('more')
  git(root, 'switch', '-q', 'main')
  await put('a.ts', 'export const a = 2\n')
  commitAll('second')
  git(root, 'merge', '-q', '--no-ff', '-m', 'Merge pull request #7 from ada/topic\n\nAdd colours (#6)', 'topic')
  git(root, 'switch', '-q', 'topic')
  git(root, 'commit', '-q', '--allow-empty', '-m', 'empty')
  git(root, 'merge', '-q', '--no-ff', '-m', "Merge branch 'main' into topic", 'main')
  const store = openStore(':memory:')
  const { worktree } = await refresh(store)
  const said = store.history.newest(worktree, 9).map(({ id }) => ({
    subject: store.history.newestSubject(worktree, [id]),
    paths: store.history.pathsOf(worktree, [{ id }]).get(id),
  }))
  expect(said).toEqual(
    expect.arrayContaining([
      { subject: 'Add colours', paths: ['b.ts', 'c.ts'] },
      { subject: "Merge branch 'main' into topic", paths: [] },
      { subject: 'wip', paths: ['b.ts'] },
    ]),
  )
  expect(said).toHaveLength(6)
  store.close()
})

test('commits that were read without their contents are read again once these are there, for every working tree', async () => {
  await put('old.ts', TEXTS[0]!.repeat(9))
  commitAll('first')
  git(root, 'mv', 'old.ts', 'new.ts')
  await put('new.ts', `${TEXTS[0]!.repeat(9)}// more\n`)
  commitAll('move')
  const clone = partialClone(root)
  const other = join(folder, 'other')
  git(clone, 'worktree', 'add', '-q', '--detach', other)
  const [store, full] = [openStore(':memory:'), openStore(':memory:')]
  const past = async (some: Store, at: string) => {
    const { worktree } = await refreshFacts(await openRepo(at), some, SETTINGS)
    const { activity, moved, history } = snapshot(some, worktree)
    return { activity, moved, history }
  }
  const lacking = await past(store, clone)
  expect([lacking.moved, await past(store, other)]).toEqual([[], lacking])
  bringContents(clone)
  const known = await past(full, root)
  expect(known.moved).toEqual([{ path: 'old.ts', now: 'new.ts' }])
  expect([await past(store, clone), await past(store, other)]).toEqual([known, known])
  expect(store.history.lacking()).toEqual([])
  store.close()
  full.close()
})
