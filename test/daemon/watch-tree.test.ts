import { execFile } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, parse } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { watchFolders } from '../../src/daemon/watch-folders.ts'
import { watchGit } from '../../src/daemon/watch-git.ts'
import { watchPoll } from '../../src/daemon/watch-poll.ts'
import { readWatchRules } from '../../src/daemon/watch-rules.ts'
import { type How, watchTree } from '../../src/daemon/watch-tree.ts'
import { gitDirOf } from '../../src/repo/git-dir-of.ts'
import { isWindows, moveHome } from '../helpers/platform.ts'
import { scratchRepo, sh, write } from '../repo/scratch-repo.ts'

const FILES = {
  'src/a.ts': 'export const a = 1\n',
  'src/deep/er/b.ts': 'export const b = 1\n',
  '.gitignore': 'build/\n*.log\n',
  'docs/x.md': '# X\n',
}

// macOS gathers events for a while, and may tell late what was done before the watch
const isLate = process.platform === 'darwin'
const QUIET = isLate ? 500 : 60
const SOON = isLate ? 1500 : 250

async function open(how: How, files: Readonly<Record<string, string>> = FILES) {
  const root = scratchRepo(files)
  const heard: string[] = []
  let rules = 0
  const tree = await watchTree(
    root,
    { how, maxFiles: 100 },
    {
      onChange: (path) => heard.push(path),
      onRules: () => rules++,
      onTrouble: (error) => heard.push(`trouble: ${error.message}`),
    },
  )
  onTestFinished(() => tree.close())
  /** What is heard of the work, in its order, each once. */
  const during = async (work: () => void): Promise<string[]> => {
    await setTimeout(QUIET)
    heard.length = 0
    work()
    await setTimeout(SOON)
    return [...new Set(heard)].sort()
  }
  return { root, tree, during, rules: () => rules }
}

// on Windows files are watched for those only who ask for it: folders cannot be renamed then
const HOW: readonly How[] = isWindows ? ['folders'] : ['files', 'folders']

describe.each(HOW)('watching %s', (how) => {
  test('hears edits, new files, deletions and renames', async () => {
    const { root, tree, during } = await open(how)
    expect(tree).toMatchObject({ how, files: 4 })
    if (how === 'folders' && process.platform !== 'linux') expect(tree.watches).toBe(1)
    else expect(tree.watches).toBeGreaterThan(3)
    expect(await during(() => write(root, 'src/a.ts', 'export const a = 2\n'))).toEqual(['src/a.ts'])
    expect(await during(() => write(root, 'src/new.ts', 'x\n'))).toContain('src/new.ts')
    expect(await during(() => rmSync(join(root, 'src/new.ts')))).toContain('src/new.ts')
    expect(await during(() => renameSync(join(root, 'docs/x.md'), join(root, 'docs/y.md')))).toEqual(
      expect.arrayContaining(['docs/x.md', 'docs/y.md']),
    )
  })

  test('hears what an editor does that writes a copy and renames it', async () => {
    const { root, during } = await open(how)
    const heard = await during(() => {
      write(root, 'src/a.ts.tmp', 'export const a = 3\n')
      renameSync(join(root, 'src/a.ts.tmp'), join(root, 'src/a.ts'))
    })
    expect(heard).toContain('src/a.ts')
  })

  test('watches folders that come later, also those that are moved in whole, and forgets those that go', async () => {
    const { root, tree, during } = await open(how)
    const before = tree.watches
    await during(() => write(root, 'lib/one/two/c.ts', 'c\n'))
    expect(await during(() => write(root, 'lib/one/two/c.ts', 'changed\n'))).toEqual(['lib/one/two/c.ts'])
    await during(() => renameSync(join(root, 'lib'), join(root, 'moved')))
    expect(await during(() => write(root, 'moved/one/two/c.ts', 'again\n'))).toEqual(['moved/one/two/c.ts'])
    await during(() => rmSync(join(root, 'moved'), { recursive: true }))
    if (how === 'folders') expect(tree.watches).toBe(before)
    await during(() => write(root, 'moved/one/two/c.ts', 'back\n'))
    expect(await during(() => write(root, 'moved/one/two/c.ts', 'edited\n'))).toEqual(['moved/one/two/c.ts'])
  })

  test('hears nothing of ignored paths, of git, of a repository within, nor of ignored folders that come later', async () => {
    const { root, during } = await open(how)
    mkdirSync(join(root, 'build'))
    const heard = await during(() => {
      write(root, 'build/out.js', 'x\n')
      write(root, 'src/debug.log', 'x\n')
      write(root, 'node_modules/p/index.js', 'x\n')
      write(root, '.git/repose/repose.db', 'x\n')
      write(root, '.git/objects/aa', 'x\n')
    })
    expect(heard).toEqual([])
    sh(root, 'init', '-q', 'inner')
    await during(() => write(root, 'inner/a.ts', 'x\n'))
    expect(await during(() => write(root, 'inner/a.ts', 'y\n'))).toEqual([])
  })

  test('hears a tracked file in an ignored folder', async () => {
    const { root, during } = await open(how, { ...FILES, 'build/kept.ts': 'k\n' })
    expect(await during(() => write(root, 'build/kept.ts', 'k2\n'))).toEqual(['build/kept.ts'])
    expect(await during(() => write(root, 'build/other.ts', 'o\n'))).toEqual([])
  })

  test('hears every file after branch switches that replaced them all', async () => {
    const { root, during } = await open(how)
    sh(root, 'switch', '-q', '-c', 'other')
    for (const path of ['src/a.ts', 'src/deep/er/b.ts', 'docs/x.md']) write(root, path, 'other\n')
    sh(root, 'commit', '-q', '-a', '-m', 'other')
    for (const branch of ['main', 'other', 'main', 'other', 'main'])
      await during(() => void sh(root, 'switch', '-q', branch))
    for (const path of ['src/a.ts', 'src/deep/er/b.ts', 'docs/x.md'])
      expect(await during(() => write(root, path, 'edited\n'))).toEqual([path])
  })

  test('says when ignore rules change', async () => {
    const { root, during, rules } = await open(how)
    await during(() => write(root, '.gitignore', 'docs/\n'))
    expect(rules()).toBeGreaterThan(0)
  })
})

test('where one watch holds the whole tree, an ignored folder that comes or gets a file is nothing', async () => {
  const root = scratchRepo({ ...FILES, '.gitignore': 'build/\n' })
  const heard = new Set<string>()
  const tree = await watchFolders(
    root,
    await readWatchRules(root),
    { onChange: (path) => heard.add(path), onTrouble: (error) => heard.add(error.message) },
    'darwin',
  )
  onTestFinished(() => tree.close())
  await setTimeout(SOON)
  heard.clear()
  mkdirSync(join(root, 'build'))
  write(root, 'build/out.js', 'x\n')
  await setTimeout(SOON)
  expect([...heard]).toEqual([])
  write(root, 'src/a.ts', 'export const a = 2\n')
  await setTimeout(SOON)
  expect([...heard]).toContain('src/a.ts')
})

test('a large tree is watched by folders, a small one by files but on Windows, and it says so', async () => {
  const root = scratchRepo(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`src/f${i}.ts`, `${i}\n`])))
  for (const [maxFiles, platform, how] of [
    [10, 'linux', 'folders'],
    [20, 'linux', 'files'],
    [20, 'win32', 'folders'],
  ] as const) {
    const tree = await watchTree(
      root,
      { how: 'auto', maxFiles },
      { onChange() {}, onRules() {}, onTrouble() {} },
      platform,
    )
    expect(tree).toMatchObject({ how, why: '12 files', files: 12 })
    await tree.close()
  }
})

test('a poll hears first and second edits, and none where nothing happens', async () => {
  const root = scratchRepo(FILES)
  let heard = 0
  const poll = await watchPoll(root, { onChange: () => heard++, onTrouble() {} }, 20, 1)
  onTestFinished(() => poll.close())
  const after = async (work: () => void, least = 1) => {
    heard = 0
    work()
    for (let waited = 0; heard < least && waited < 20_000; waited += 10) await setTimeout(10)
    await setTimeout(500) // for one too many
    return heard
  }
  expect(await after(() => write(root, 'src/a.ts', 'export const a = 2\n'))).toBe(1)
  expect(await after(() => write(root, 'src/a.ts', 'export const a = 33\n'))).toBe(1)
  expect(await after(() => sh(root, 'commit', '-q', '-a', '-m', 'second'))).toBe(1)
  expect(await after(() => {}, 0)).toBe(0)
})

test('a home folder is refused', async () => {
  for (const root of [homedir(), parse(homedir()).root])
    await expect(
      watchTree(root, { how: 'auto', maxFiles: 10 }, { onChange() {}, onRules() {}, onTrouble() {} }),
    ).rejects.toThrow(/holds your whole home folder/)
})

test.skipIf(isWindows)(
  'closed in the midst of a checkout it leaves no watch open',
  async () => {
    const tree = (name: string) =>
      Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${name}${i % 60}/in/f${i}.ts`, `${i}\n`]))
    const root = scratchRepo(tree('one'))
    sh(root, 'switch', '-q', '-c', 'other')
    sh(root, 'rm', '-q', '-r', '.')
    for (const [path, text] of Object.entries(tree('two'))) write(root, path, text)
    sh(root, 'add', '-A')
    sh(root, 'commit', '-q', '-m', 'other')
    const open = () => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length
    const before = open()
    for (const branch of ['main', 'other', 'main', 'other']) {
      let hear = () => {}
      const heard = new Promise<void>((resolve) => {
        hear = resolve
      })
      const watch = await watchTree(
        root,
        { how: 'files', maxFiles: 1000 },
        { onChange: hear, onRules() {}, onTrouble() {} },
      )
      const checkout = promisify(execFile)('git', ['switch', '-q', branch], { cwd: root })
      await heard
      await Promise.all([watch.close(), checkout])
      await setTimeout(300)
      expect(open()).toBe(before)
    }
  },
  60_000,
)

test('a home folder is refused by whatever name it goes', async () => {
  const root = scratchRepo({ 'ada/a.ts': 'a\n' })
  moveHome(`${root}-home`)
  symlinkSync(join(root, 'ada'), `${root}-home`, 'junction')
  await expect(
    watchTree(root, { how: 'auto', maxFiles: 10 }, { onChange() {}, onRules() {}, onTrouble() {} }),
  ).rejects.toThrow(/holds your whole home folder/)
})

test('the rules keep to what git says, nested and negated, in a linked worktree too', async () => {
  const root = scratchRepo({
    '.gitignore': '/only-top\n*.tmp\n!keep.tmp\ncache/*\n!cache/.keep\n',
    'sub/.gitignore': 'generated.ts\n',
    'a/only-top': 'x',
  })
  writeFileSync(join(root, '.git/info/exclude'), 'private/\n')
  const linked = join(root, '../linked')
  sh(root, 'worktree', 'add', '-q', linked)
  expect((await readWatchRules(linked)).isWatched('private', true)).toBe(false)
  const { isWatched } = await readWatchRules(root)
  for (const [path, isFolder] of [
    ['only-top', true],
    ['x.tmp', false],
    ['deep/x.tmp', false],
    ['cache/one', false],
    ['sub/generated.ts', false],
    ['private', true],
    ['node_modules', true],
    ['.git', true],
    ['.git/HEAD', false],
  ] as const)
    expect([path, isWatched(path, isFolder)]).toEqual([path, false])
  for (const [path, isFolder] of [
    ['', true],
    ['a/only-top', false],
    ['keep.tmp', false],
    ['cache', true],
    ['cache/.keep', false],
    ['generated.ts', false],
    ['.github', true],
  ] as const)
    expect([path, isWatched(path, isFolder)]).toEqual([path, true])
})

describe('what git writes', () => {
  const listen = (root: string, common = join(root, '.git')) => {
    const heard = new Set<string>()
    const watch = watchGit(gitDirOf(root), common, (path) => heard.add(path))
    onTestFinished(() => watch.close())
    return async (work: () => void) => {
      await setTimeout(isLate ? QUIET : 40)
      heard.clear()
      work()
      await setTimeout(isLate ? SOON : 120)
      return [...heard].sort()
    }
  }

  test('a commit, a switch, a branch in a folder are heard; reading, fetching and our own database are not', async () => {
    const root = scratchRepo(FILES)
    const during = listen(root)
    write(root, 'src/a.ts', 'export const a = 2\n')
    expect(await during(() => void sh(root, 'commit', '-q', '-a', '-m', 'x'))).toEqual([
      '.git/index',
      '.git/refs/heads/main',
    ])
    expect(await during(() => void sh(root, 'switch', '-q', '-c', 'feature/x'))).toContain('.git/HEAD')
    write(root, 'src/a.ts', 'export const a = 3\n')
    expect(await during(() => void sh(root, 'commit', '-q', '-a', '-m', 'y'))).toContain('.git/refs/heads/feature/x')
    const silent = await during(() => {
      sh(root, '--no-optional-locks', 'status')
      sh(root, 'log', '-1')
      sh(root, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
      write(root, '.git/repose/repose.db', 'x')
      write(root, '.git/FETCH_HEAD', 'x')
    })
    expect(silent).toEqual([])
  })

  test('a linked worktree is heard by its own HEAD and index', async () => {
    const root = scratchRepo(FILES)
    const linked = `${root}-linked`
    sh(root, 'worktree', 'add', '-q', linked)
    expect(gitDirOf(linked)).toBe(join(root, '.git/worktrees/project-linked'))
    const during = listen(linked, join(root, '.git'))
    write(linked, 'src/a.ts', 'export const a = 2\n')
    expect(await during(() => void sh(linked, 'add', '-A'))).toEqual(['.git/index'])
    expect(await during(() => void sh(root, 'checkout', '-q', '--detach'))).toEqual([])
  })
})
