import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPastFacts, type PastFacts, withPastFacts } from '../../src/indexing/past-facts.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openStore } from '../../src/store/open-store.ts'
import { TRACE, type Traced } from '../../src/trace.ts'
import { removeFolder } from '../helpers/platform.ts'
import { refreshIndex } from '../helpers/refresh-index.ts'
import { madeOnceNow } from '../helpers/shared-folder.ts'
import { snapshot } from './facts-snapshot.ts'

const SETTINGS = { maxFileBytes: 2000, maxCommits: 100, processes: 1 }

let folder: string
let root: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-past-'))
  root = join(folder, 'repo')
})
afterEach(() => removeFolder(folder))

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'commit.gpgsign=false']
  return execFileSync('git', [...identity, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
}

function begin(at: string): void {
  git(folder, 'init', '-q', '-b', 'main', '--template=', at)
}

function commit(message: string, files: Readonly<Record<string, string | null>>, at = root): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true })
    if (text === null) rmSync(join(at, path))
    else writeFileSync(join(at, path), text)
  }
  git(at, 'add', '-A')
  git(at, 'commit', '-q', '-m', message)
}

const allCommits = () => git(root, 'rev-list', '--reverse', 'HEAD').split('\n')

/** A history with a rename, an ignore file, a changed tsconfig, CRLF, an oversized and a binary content. */
function makeHistory(): string[] {
  cpSync(madeOnceNow('past-facts', commitHistory), root, { recursive: true })
  refreshIndex(root)
  return allCommits()
}

function commitHistory(at: string): void {
  begin(at)
  const steps: [message: string, files: Record<string, string | null>][] = [
    [
      'Add the cart',
      {
        '.gitattributes': '*.txt text eol=crlf\n',
        'notes.txt': 'one\ntwo\n',
        'src/cart.ts': "import { vat } from '@/vat'\nexport function total(n: number) { return vat(n) }\n",
        'src/vat.ts': 'export function vat(n: number) { return n * 2 }\n',
        'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }\n',
      },
    ],
    [
      'Rename the rate',
      {
        'src/vat.ts': null,
        'src/rate.ts': 'export function vat(n: number) { return n * 2 }\n',
        'big.ts': `export const big = '${'x'.repeat(3000)}'\n`,
        'tsconfig.json': '{ "compilerOptions": { "paths": { "@/vat": ["./src/rate.ts"] } } }\n',
      },
    ],
    [
      'Leave the drafts out',
      {
        '.reposeignore': 'drafts/\n',
        'drafts/a.ts': 'export const a = 1\n',
        'logo.bin': '\0\0',
      },
    ],
    ['Add a discount', { 'src/cart.ts': 'export function total(n: number) { return n }\n', 'big.ts': null }],
  ]
  for (const [message, files] of steps) commit(message, files, at)
}

test('facts at a commit are those of a checkout of it, in whatever order commits are asked for', async () => {
  const commits = makeHistory()
  const past = openPastFacts(root, join(folder, 'past.db'), SETTINGS)
  try {
    await past.prepare(commits)
    for (const hash of [commits[2]!, commits[0]!, commits[3]!, commits[1]!]) {
      const worktree = await past.at(hash)
      const checkout = join(folder, hash)
      git(folder, 'clone', '-q', root, checkout)
      git(checkout, 'checkout', '-q', hash)
      const store = openStore(join(folder, `${hash}.db`))
      const full = await refreshFacts(await openRepo(checkout), store, SETTINGS)
      expect(inBlobs(snapshot(past.store, worktree))).toEqual(inBlobs(snapshot(store, full.worktree)))
      store.close()
    }
  } finally {
    past.close()
  }
})

/** Without the size of the file that a checkout writes with other line endings. */
function inBlobs({ files, ...rest }: ReturnType<typeof snapshot>) {
  return {
    ...rest,
    files: (files as { path: string }[]).map((file) => (file.path === 'notes.txt' ? { ...file, bytes: 0 } : file)),
  }
}

test('nothing is checked out, and no index or ref of the repository changes', async () => {
  const commits = makeHistory()
  const before = readdirSync(join(root, '.git')).sort()
  const status = git(root, 'status', '--porcelain')
  const past = openPastFacts(root, join(folder, 'past.db'), SETTINGS)
  await past.at(commits[0]!)
  past.close()
  expect(readdirSync(join(root, '.git')).sort()).toEqual(before)
  expect(git(root, 'status', '--porcelain')).toBe(status)
  expect(git(root, 'rev-parse', 'HEAD')).toBe(commits.at(-1))
})

test('what was read once is not read again', async () => {
  const commits = makeHistory()
  const read: number[] = []
  const open = () =>
    openPastFacts(root, join(folder, 'past.db'), { ...SETTINGS, onProgress: (_done, total) => read.push(total) })
  const first = open()
  await first.prepare(commits)
  first.close()
  expect(read.length).toBeGreaterThan(0)
  read.length = 0
  const second = open()
  await second.prepare(commits)
  expect(await second.at(commits[1]!)).toBe(1)
  second.close()
  expect(read).toEqual([])
})

test('configurations that a commit shares with the one before are written once', async () => {
  const commits = makeHistory() // with two of them
  const past = openPastFacts(root, join(folder, 'past.db'), SETTINGS)
  await past.prepare(commits)
  const written: string[] = []
  const onRun = (message: unknown) => void written.push((message as Traced).what)
  TRACE.subscribe(onRun)
  for (const commit of commits) await past.at(commit)
  TRACE.unsubscribe(onRun)
  past.close()
  expect(written.filter((what) => what.includes(' checkout-index '))).toHaveLength(2)
})

test('what a killed process left on the disk is gone at the next start, and nothing is left at the end', async () => {
  const [head] = makeHistory()
  const path = join(folder, 'past.db')
  mkdirSync(`${path}.past.files`)
  writeFileSync(`${path}.past.files/1f2e`, 'of before')
  const past = openPastFacts(root, path, SETTINGS)
  expect(readdirSync(`${path}.past.files`)).toEqual([])
  await past.prepare([head!])
  past.close()
  expect(readdirSync(folder).sort()).toEqual(['past.db.past', 'past.db.past-mark', 'repo'])
})

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['its head', (bytes) => bytes.fill('garbage ', 0, 200)],
  ['its middle', (bytes) => bytes.fill('garbage ', 8192, bytes.length - 4096)],
  ['its end, which is gone', (bytes) => bytes.subarray(0, 40_000)],
])('a cache that is damaged is made anew, and said so: %s', async (_, damage) => {
  const commits = makeHistory()
  const path = join(folder, 'x.db')
  const told: string[] = []
  const read = () =>
    withPastFacts(root, path, { ...SETTINGS, onDamage: (what) => told.push(what) }, async (past) => {
      await past.prepare(commits)
      return snapshot(past.store, await past.at(commits[2]!))
    })
  const fresh = await read()
  writeFileSync(`${path}.past`, damage(readFileSync(`${path}.past`)))
  expect(await read()).toEqual(fresh)
  expect(told).toEqual([`${path}.past, a cache of facts at past commits, was damaged: it is made anew`])
  expect(await read()).toEqual(fresh)
  expect(told).toHaveLength(1)
})

test('nonsense that SQLite takes no offence at is read anew where a page is damaged, and a bug is thrown on where none is', async () => {
  const commits = makeHistory()
  const path = join(folder, 'x.db')
  const told: string[] = []
  const options = { ...SETTINGS, onDamage: (what: string) => told.push(what) }
  const readNonsense = async (past: PastFacts) => {
    if (past.store.facts.isEmpty()) return 'made anew'
    return JSON.parse('nonsense') as string
  }
  await withPastFacts(root, path, options, (past) => past.prepare(commits))
  await expect(withPastFacts(root, path, options, readNonsense)).rejects.toThrow(SyntaxError)
  expect(told).toEqual([])
  const bytes = readFileSync(`${path}.past`)
  writeFileSync(`${path}.past`, bytes.fill('garbage ', bytes.length - 4096))
  expect(await withPastFacts(root, path, options, readNonsense)).toBe('made anew')
  expect(told).toHaveLength(1)
})

test('contents are read as they were committed, whatever attributes git would obey in a checkout', async () => {
  begin(root)
  commit('Add the cart', { 'a.ts': 'export const a = 1\n', 'b.ts': 'export const b = 1\n' })
  const hash = git(root, 'rev-parse', 'HEAD')
  mkdirSync(join(root, '.git/info'), { recursive: true })
  writeFileSync(join(root, '.git/info/attributes'), '* text eol=crlf\n')
  const past = openPastFacts(root, join(folder, 'x.db'), SETTINGS)
  await past.prepare([hash])
  const worktree = await past.at(hash)
  expect(past.store.facts.readableFiles(worktree).map(({ path, bytes }) => [path, bytes])).toEqual([
    ['a.ts', 19],
    ['b.ts', 19],
  ])
  past.close()
})

test('an abort is heard between the steps, also where nothing is left to read', async () => {
  begin(root)
  commit('one', { 'a.ts': 'a\n' })
  commit('two', { 'a.ts': 'b\n', 'b.ts': 'b\n' })
  const [first, second] = allCommits() as [string, string]
  for (const next of [first, second]) {
    const controller = new AbortController()
    const past = openPastFacts(root, join(folder, 'x.db'), { ...SETTINGS, signal: controller.signal })
    try {
      await past.prepare([first, second])
      const worktree = await past.at(first)
      const going = past.at(next)
      controller.abort(new Error('the developer is back'))
      await expect(going).rejects.toThrow('the developer is back')
      expect(past.store.facts.files(worktree).map(({ path }) => path)).toEqual(['a.ts'])
    } finally {
      past.close()
    }
  }
})
