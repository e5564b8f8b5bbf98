import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listFiles } from '../../src/repo/list-files.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { ReopenedRepo } from '../../src/repo/reopened-repo.ts'
import type { Traced } from '../../src/trace.ts'
import { scratchFolder, scratchRepo, sh, write } from './scratch-repo.ts'

const OPTIONS = { maxFileBytes: 1e6 }
const FILES = { 'a.ts': 'a\n', 'b.ts': 'b\n', 'src/c.ts': 'c\n', '.gitattributes': 'b.ts linguist-generated\n' }

const started: string[] = []
const note = (message: unknown) => void started.push((message as Traced).what)
beforeEach(() => {
  subscribe('repose:trace', note)
  vi.useFakeTimers({ toFake: ['Date'] })
  settle()
})
afterEach(() => {
  unsubscribe('repose:trace', note)
  vi.useRealTimers()
})

/** What was written a moment ago is not trusted; from now on it is. */
const settle = () => vi.setSystemTime(performance.timeOrigin + performance.now() + 60_000)

/** What a look finds, and what git is asked for it. */
async function lookAt(opened: ReopenedRepo) {
  expect(opened.isSame).toBe(true)
  started.length = 0
  const seen = await opened.look(OPTIONS)
  const asked = started.map((what) => what.split(' ')[1])
  return { seen: seen!, asked }
}

async function expectTruth({ seen }: Awaited<ReturnType<typeof lookAt>>) {
  expect(seen.repo).toEqual(await openRepo(seen.repo.root))
  expect(seen.listing).toEqual(await listFiles(seen.repo.root, OPTIONS))
}

test('of an unchanged working tree, git is asked once, and its index is not read again', async () => {
  const opened = new ReopenedRepo(await openRepo(scratchRepo(FILES)))
  expect((await lookAt(opened)).asked.sort()).toEqual(['ls-files', 'status'])
  const again = await lookAt(opened)
  expect(again.asked).toEqual(['status'])
  await expectTruth(again)
})

test('files that stay changed are hashed once', async () => {
  const root = scratchRepo(FILES)
  const opened = new ReopenedRepo(await openRepo(root))
  write(root, 'a.ts', 'changed\n')
  write(root, 'new.ts', 'new\n')
  expect((await lookAt(opened)).asked.sort()).toEqual(['hash-object', 'ls-files', 'status'])
  const again = await lookAt(opened)
  expect(again.asked).toEqual(['status'])
  await expectTruth(again)
})

const CHANGES: Readonly<Record<string, (root: string) => void>> = {
  'an edit': (root) => write(root, 'a.ts', 'edited\n'),
  'an edit of as many bytes to a changed file': (root) => write(root, 'b.ts', 'y\n'),
  'an edit of as many bytes to a new file': (root) => write(root, 'new.ts', 'y\n'),
  'a deleted file': (root) => rmSync(join(root, 'a.ts')),
  'a deleted new file': (root) => rmSync(join(root, 'new.ts')),
  'one more file': (root) => write(root, 'src/more.ts', 'more\n'),
  'a renamed file': (root) => renameSync(join(root, 'a.ts'), join(root, 'z.ts')),
  'a commit': (root) => sh(root, 'commit', '-q', '-a', '-m', 'second'),
  'a commit of nothing': (root) => sh(root, 'commit', '-q', '--allow-empty', '-m', 'second'),
  'an edit of a staged file': (root) => {
    sh(root, 'add', 'new.ts')
    write(root, 'new.ts', 'later\n')
  },
  'a new file that git was told to keep out': (root) => {
    sh(root, 'rm', '-q', '--cached', 'src/c.ts')
    write(root, '.git/info/exclude', 'src/\n')
  },
  'another branch': (root) => sh(root, 'checkout', '-q', '-f', '-b', 'other'),
  'new attributes': (root) => write(root, '.gitattributes', 'a.ts linguist-generated\n'),
  'a new ignore file': (root) => write(root, '.ignore', 'src/\n'),
  'a line in the ignore file': (root) => write(root, '.reposeignore', 'a.ts\n'),
  'a rule of git': (root) => write(root, '.gitignore', 'new.ts\n'),
  'a folder that is a link': (root) => {
    renameSync(join(root, 'src'), join(scratchFolder(), 'src'))
    symlinkSync(scratchFolder(), join(root, 'src'))
  },
  'a file that is a link': (root) => {
    rmSync(join(root, 'a.ts'))
    symlinkSync('b.ts', join(root, 'a.ts'))
  },
  'a file that the index calls unchanged': (root) => {
    sh(root, 'update-index', '--skip-worktree', 'a.ts')
    write(root, 'a.ts', 'hidden\n')
  },
}

test.each(Object.keys(CHANGES))('a look after %s finds what a first look would find', async (name) => {
  const root = scratchRepo(FILES)
  write(root, 'b.ts', 'x\n')
  write(root, 'new.ts', 'x\n')
  write(root, '.reposeignore', 'x.ts\n')
  const opened = new ReopenedRepo(await openRepo(root))
  await lookAt(opened)
  const before = await lookAt(opened)
  CHANGES[name]!(root)
  const after = await lookAt(opened)
  expect(after.seen).not.toEqual(before.seen)
  await expectTruth(after)
  settle()
  await expectTruth(await lookAt(opened))
})

test('an edit of a file that was changed before and is hidden from git is seen', async () => {
  const root = scratchRepo(FILES)
  sh(root, 'update-index', '--skip-worktree', 'a.ts')
  const opened = new ReopenedRepo(await openRepo(root))
  await lookAt(opened)
  write(root, 'a.ts', 'z\n')
  await expectTruth(await lookAt(opened))
})

test('what was written a moment ago is not trusted: its times may not show a second change', async () => {
  vi.useRealTimers()
  const root = scratchRepo(FILES)
  const opened = new ReopenedRepo(await openRepo(root))
  expect(opened.isSame).toBe(false)
  await opened.look(OPTIONS)
  started.length = 0
  await opened.look(OPTIONS)
  expect(started.length).toBe(2)
})

test('a linked working tree is looked at by its own index and HEAD', async () => {
  const root = scratchRepo(FILES)
  const linked = join(scratchFolder(), 'linked')
  sh(root, 'worktree', 'add', '-q', '-b', 'side', linked)
  const opened = new ReopenedRepo(await openRepo(linked))
  await lookAt(opened)
  sh(root, 'commit', '-q', '--allow-empty', '-m', 'not in the linked one')
  await expectTruth(await lookAt(opened))
  write(linked, 'a.ts', 'linked\n')
  sh(linked, 'commit', '-q', '-a', '-m', 'in the linked one')
  await expectTruth(await lookAt(opened))
})

test.each<[string, (root: string) => void]>([
  ['is gone', (root) => rmSync(join(root, '.git'), { recursive: true })],
  [
    'is another one',
    (root) => {
      renameSync(join(root, '.git'), join(root, 'old'))
      sh(root, 'init', '-q')
    },
  ],
  ['has become bare', (root) => sh(root, 'config', 'core.bare', 'true')],
  ['has another working tree', (root) => sh(root, 'config', 'core.worktree', scratchFolder())],
])('a repository that %s is opened again', async (_, change) => {
  const root = scratchRepo(FILES)
  const opened = new ReopenedRepo(await openRepo(root))
  expect(opened.isSame).toBe(true)
  change(root)
  settle()
  expect(opened.isSame).toBe(false)
})

test('what git refuses is left to openRepo', async () => {
  const root = scratchRepo(FILES)
  const opened = new ReopenedRepo(await openRepo(root))
  sh(root, 'symbolic-ref', 'HEAD', 'refs/heads/nothing')
  expect(opened.isSame).toBe(true)
  expect(await opened.look(OPTIONS)).toBeNull()
  write(root, '.git/HEAD', 'nonsense\n')
  expect(await opened.look(OPTIONS)).toBeNull()
})
