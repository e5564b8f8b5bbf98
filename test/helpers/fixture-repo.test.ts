import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  FIXTURE_NAMES,
  type FixtureName,
  fixtureFolder,
  type PastCommit,
  pastTrees,
  readHistory,
  readTree,
} from '../../bench/fixture-repo.ts'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { repoWithHistory, scratchRepo, sh } from '../repo/scratch-repo.ts'
import { copyFixture } from './fixture-repo.ts'
import { isWindows } from './platform.ts'

// Changes with any file of the fixture and any line of its history: then copy the new id from the failure.
const HEADS: Readonly<Record<FixtureName, string>> = {
  'bookshop-ts': 'a5a1d22ddeaca5372612ade75fa2f2be5fca4c19',
  'ferry-py': '17b025a7dc8e119e990428d109600e4de36f47b9',
  'monorepo-mixed': '19d134d6e56ba81774694ddd910ef1f18426d2bc',
}

async function open(...args: Parameters<typeof copyFixture>) {
  const repo = await copyFixture(...args)
  onTestFinished(repo.dispose)
  return repo
}

describe.each(FIXTURE_NAMES)('%s', (name) => {
  test('the history ends at exactly the files of the folder', async () => {
    const { root, git } = await open(name)
    const tracked = (await git('ls-files', '-z')).split('\0').filter(Boolean)
    expect(tracked.sort()).toEqual([...readTree(fixtureFolder(name)).keys()].sort())
    expect(readTree(root)).toEqual(readTree(fixtureFolder(name)))
    expect(await git('status', '--porcelain')).toBe('')
  })

  test('the commit ids are the same on every machine', async () => {
    const { git } = await open(name)
    expect((await git('rev-parse', 'main')).trim()).toBe(HEADS[name])
  })

  test('each commit says what the history file says of it', async () => {
    const { git } = await open(name)
    const commits = readHistory(name)
    const log = (await git('log', '--reverse', '--format=%an <%ae>%x09%aI%x09%s')).replaceAll('Z\t', '+00:00\t')
    expect(log.trim().split('\n')).toEqual(commits.map(({ author, date, subject }) => `${author}\t${date}\t${subject}`))
    expect(commits.length).toBeGreaterThanOrEqual(12)
    expect(commits.length).toBeLessThanOrEqual(20)
  })

  test('there are features in three files or more, a rename, a sweeping commit and a revert', async () => {
    const { git } = await open(name)
    const changed = (await git('log', '--diff-filter=M', '--format=%x00%s', '--name-only')).split('\0').slice(1)
    const sizes = changed.map((entry) => entry.trim().split('\n').length - 2)
    expect(sizes.filter((size) => size >= 3 && size < 12).length).toBeGreaterThanOrEqual(6)
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(15)
    expect(await git('log', '-M', '--diff-filter=R', '--format=%s')).toMatch(/^Rename /m)
    const reverted = /This reverts commit (\w{40})/.exec(await git('log', '--grep=^Revert ', '--format=%b'))
    expect(await git('log', '--format=%H', '--max-count=1', reverted![1]!)).toContain(reverted![1])
  })

  test('without history there is one commit with the same tree', async () => {
    const whole = await open(name, { history: false })
    const past = await open(name)
    expect((await whole.git('rev-list', '--count', 'HEAD')).trim()).toBe('1')
    expect(await whole.git('rev-parse', 'HEAD^{tree}')).toBe(await past.git('rev-parse', 'HEAD^{tree}'))
  })
})

describe('a history that does not fit its folder is refused', () => {
  const commit = (files: PastCommit['files']): PastCommit => ({
    date: '2024-05-04T10:12:00+01:00',
    author: 'Ines Falk <ines@bookshop.example>',
    subject: 'Try',
    files,
  })
  const final = new Map([['a.txt', 'one\ntwo\ntwo\n']])

  test('when no commit introduces a file', () => {
    expect(() => pastTrees(final, [])).toThrow('no commit introduces a.txt')
  })

  test('when a commit names a file that is not there after it', () => {
    expect(() => pastTrees(final, [commit({ 'b.txt': 'new' })])).toThrow('b.txt in "Try": there is no such file')
  })

  test('when the new side of a hunk is there twice, or not at all', () => {
    expect(() => pastTrees(final, [commit({ 'a.txt': [['+two']] })])).toThrow('a.txt in "Try": found 2 times')
    expect(() => pastTrees(final, [commit({ 'a.txt': [['+three']] })])).toThrow('a.txt in "Try": found 0 times')
  })

  test('and one that fits gives the text before each commit', () => {
    const commits = [
      commit({ 'b.txt': 'new' }),
      commit({ 'a.txt': { movedFrom: 'b.txt', hunks: [[' one', '-2', '+two']] } }),
    ]
    const trees = pastTrees(final, commits)
    expect(trees.map((tree) => [...tree])).toEqual([[], [['b.txt', 'one\n2\ntwo\n']], [...final]])
  })
})

test.skipIf(isWindows)(
  'the index of a copy knows its files as they lie there, and git need not read them',
  async () => {
    const shop = await open('bookshop-ts')
    const scratch = scratchRepo({ 'a.ts': 'a\n', 'ö/sp ace.ts': 'b\n', 'seven.x': '', 'eight.xx': 'c\n' })
    const linked = repoWithHistory('link-and-program', {}, (root) => {
      symlinkSync('nowhere', join(root, 'link'))
      writeFileSync(join(root, 'run'), 'x\n', { mode: 0o755 })
      sh(root, 'add', '-A')
      sh(root, 'commit', '-qm', 'second')
    })
    for (const root of [shop.root, scratch, linked]) {
      expect(sh(root, 'diff-files', '--name-only')).toBe('') // lists each file whose inode or time differs from the index
      const index = readFileSync(join(root, '.git/index'))
      const { mtimeMs } = statSync(join(root, '.git/index'))
      sh(root, 'update-index', '--refresh')
      expect(readFileSync(join(root, '.git/index')).equals(index)).toBe(true) // byte for byte what git writes
      for (const path of sh(root, 'ls-files').match(/^[\w.]+$/gm) ?? []) {
        if (path !== 'link') expect(statSync(join(root, path)).mtimeMs).toBeLessThan(mtimeMs - 1000)
      }
      expect(sh(root, 'fsck', '--strict')).toBe('')
    }
    writeFileSync(join(scratch, 'a.ts'), 'A\n')
    expect(sh(scratch, 'status', '--porcelain')).toBe(' M a.ts\n')
  },
)

test('a copy can be written to, committed, and is gone after dispose', async () => {
  const repo = await copyFixture('ferry-py', { history: false })
  await repo.write('docs/new/page.md', '# New\n')
  await repo.remove('news/README.md')
  await repo.git('add', '--all')
  await repo.git('commit', '--quiet', '--message', 'Try')
  expect(await repo.git('show', '--format=', '--name-status')).toBe('A\tdocs/new/page.md\nD\tnews/README.md\n')
  await repo.dispose()
  expect(existsSync(repo.root)).toBe(false)
})

test('a linked node_modules is no part of the repository and outlives the copy', async () => {
  const repo = await copyFixture('bookshop-ts', { history: false, link: true })
  expect(await repo.git('status', '--porcelain')).toBe('')
  const target = join(repo.root, 'node_modules', 'tsx', 'package.json')
  const text = readFileSync(target, 'utf8')
  await repo.dispose()
  expect(existsSync(target)).toBe(false)
  expect(readFileSync(join(PACKAGE_ROOT, 'node_modules', 'tsx', 'package.json'), 'utf8')).toBe(text)
})

test.each([
  ['bookshop-ts', 'test', 45],
  ['monorepo-mixed', 'test', 23],
  ['monorepo-mixed', 'test:core', 9],
] as const)('the tests of %s pass: npm run %s', async (name, script, atLeast) => {
  const { root } = await open(name, { history: false, link: true })
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const words: readonly string[] = scripts[script].split(' ')
  const [node, ...args] = words.flatMap((word) => expandStar(root, word))
  expect(node).toBe('node')
  const isFile = (arg: string) => /\.test\.[jt]s$/.test(arg)
  const imports = args.filter(isFile).map((path) => `await import(${JSON.stringify(`./${path}`)})`)
  // all files in one process; --test would start one for each, and tsx in each
  const options = ['--test-reporter=tap', ...args.filter((arg) => arg !== '--test' && !isFile(arg))]
  const start = ['--input-type=module', '--eval', imports.join('\n')]
  const { stdout } = await promisify(execFile)(process.execPath, [...options, ...start], { cwd: root })
  expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(atLeast)
  expect(stdout).toMatch(/^# fail 0$/m)
})

test('the tests of ferry-py pass', async ({ skip }) => {
  const python = await findPython()
  if (!python) return skip('no Python 3.9 or later is installed')
  const { root } = await open('ferry-py', { history: false })
  const { stderr } = await promisify(execFile)(python, ['-m', 'unittest'], { cwd: root })
  expect(Number(/^Ran (\d+) tests/m.exec(stderr)?.[1])).toBeGreaterThanOrEqual(45)
  expect(stderr).toMatch(/^OK$/m)
})

/** 'test/*.test.ts' as a POSIX shell expands it: Node 20 does not, and neither does the shell of Windows. */
function expandStar(root: string, word: string): string[] {
  if (!word.includes('*')) return [word]
  const ending = word.slice(word.indexOf('*') + 1)
  const found = readdirSync(join(root, dirname(word))).filter((file) => file.endsWith(ending))
  return found.map((file) => `${dirname(word)}/${file}`)
}

async function findPython(): Promise<string | undefined> {
  for (const command of ['python3', 'python']) {
    const check = ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']
    const works = await promisify(execFile)(command, check).then(
      () => true,
      () => false,
    )
    if (works) return command
  }
  return undefined
}
