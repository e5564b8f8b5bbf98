import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, expect, test } from 'vitest'
import { expectContents, type MineOptions, mineFeatures, NOT_HERE } from '../../src/history/mine-features.ts'
import { pathHere } from '../helpers/platform.ts'
import { bringContents, partialClone, scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'

const SOURCES = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts']
const textOf = (path: string) =>
  Array.from({ length: 40 }, (_, i) => `export const ${path.replace(/\W/g, '_')}_${i} = ${i}\n`).join('')

let root: string
beforeEach(() => {
  root = scratchRepo(
    Object.fromEntries([...SOURCES, 'test/a.test.ts', 'README.md'].map((path) => [path, textOf(path)])),
  )
})

let edits = 0
function commit(message: string, ...paths: string[]): void {
  for (const path of paths) write(root, path, `${textOf(path)}// ${edits++}\n`)
  sh(root, 'add', '-A')
  sh(root, 'commit', '-q', '--allow-empty', '-m', message)
}
const head = () => sh(root, 'rev-parse', 'HEAD').trim()

const mine = (options: MineOptions = {}) => mineFeatures(root, 'HEAD', options)
const titles = async (options?: MineOptions) => (await mine(options)).features.map((feature) => feature.title)
const reasons = async () => Object.fromEntries((await mine()).dropped.map(({ reason, count }) => [reason, count]))

test('a feature is told with the state before it and the files that it changed, made and deleted', async () => {
  const base = head()
  sh(root, 'rm', '-q', 'src/d.ts')
  write(root, 'src/csv.ts', 'export const csv = true\n')
  commit(
    'feat: add csv (#7)\n\nWith a header.\n\nSigned-off-by: Ada <a@example.org>',
    ...SOURCES.slice(0, 3),
    'test/a.test.ts',
  )
  const { features, candidates, dropped } = await mine()
  expect(features).toEqual([
    {
      commit: head(),
      base,
      time: Number(sh(root, 'log', '-1', '--format=%ct')),
      title: 'feat: add csv',
      body: 'With a header.',
      modified: [...SOURCES.slice(0, 3), 'test/a.test.ts'],
      modifiedSource: SOURCES.slice(0, 3),
      created: ['src/csv.ts'],
      deleted: ['src/d.ts'],
    },
  ])
  expect(candidates).toBe(2)
  expect(dropped).toEqual([{ reason: 'first commit', count: 1 }])
})

test('merged, squashed, octopus-merged and plain features are one task each, newest first', async () => {
  commit('Add plain', ...SOURCES)
  sh(root, 'switch', '-qc', 'merged')
  commit('work', ...SOURCES)
  commit('Add a step of the merged one', ...SOURCES)
  sh(root, 'switch', '-q', 'main')
  commit('Add beside (#2)\n\n* Add one\n* Add two', ...SOURCES.slice(1))
  sh(root, 'merge', '-q', '--no-ff', '-s', 'ours', '-m', 'x', 'merged')
  write(root, 'src/a.ts', 'merged 1')
  write(root, 'src/b.ts', 'merged 2')
  write(root, 'src/c.ts', 'merged 3')
  sh(root, 'commit', '-qa', '--amend', '-m', 'Merge pull request #3 from ada/merged\n\nAdd merged\n\nBody.')
  for (const name of ['x', 'y', 'z']) {
    sh(root, 'switch', '-qc', name, 'main')
    commit('part', `src/${{ x: 'a', y: 'b', z: 'c' }[name]}.ts`)
  }
  sh(root, 'switch', '-q', 'main')
  commit('meanwhile', 'README.md')
  sh(root, 'merge', '-q', '-m', 'Add three parts', 'x', 'y', 'z')
  expect(sh(root, 'log', '-1', '--format=%P').trim().split(' ')).toHaveLength(4)
  const { features } = await mine()
  expect(features.map(({ title, modifiedSource }) => [title, modifiedSource])).toEqual([
    ['Add three parts', SOURCES.slice(0, 3)],
    ['Add merged', SOURCES.slice(0, 3)],
    ['Add beside', SOURCES.slice(1)],
    ['Add plain', SOURCES],
  ])
  expect(features[2]!.body).toBe('* Add one\n* Add two')
})

test('the work on long-lived branches counts, once: of develop, and of one that it merged; a pull request from a main is one piece', async () => {
  commit('Add to main', ...SOURCES)
  sh(root, 'switch', '-qc', 'next')
  commit('Add to next', ...SOURCES)
  sh(root, 'switch', '-qc', 'develop', 'main')
  commit('Add to develop', ...SOURCES)
  sh(root, 'merge', '-q', '--no-ff', '-X', 'ours', '-m', 'Merge pull request #9 from ada/next\n\nNext', 'next')
  sh(root, 'switch', '-q', 'main')
  commit('wip', 'README.md')
  sh(root, 'merge', '-q', '--no-ff', '-m', "Merge branch 'develop'", 'develop')
  commit('Add later', ...SOURCES)
  sh(root, 'switch', '-qc', 'theirs')
  commit('Add elsewhere', 'src/d.ts', 'src/b.ts', 'src/c.ts')
  sh(root, 'switch', '-q', 'main')
  sh(
    root,
    'merge',
    '-q',
    '--no-ff',
    '-X',
    'ours',
    '-m',
    'Merge pull request #10 from bob/main\n\nAdd what Bob made',
    'theirs',
  )
  expect((await titles()).sort()).toEqual([
    'Add later',
    'Add to develop',
    'Add to main',
    'Add to next',
    'Add what Bob made',
  ])
})

test('the work on the branch of a release counts', async () => {
  sh(root, 'switch', '-qc', 'release/4.0.x')
  commit('Add to four', ...SOURCES)
  sh(root, 'switch', '-q', 'main')
  commit('wip', 'README.md')
  sh(root, 'merge', '-q', '--no-ff', '-m', "Merge branch 'release/4.0.x'", 'release/4.0.x')
  expect(await titles()).toEqual(['Add to four'])
})

test('a feature that came by two branches is one task, at the commit at which it came first', async () => {
  commit('feat: add csv (#7)', ...SOURCES)
  const hash = head()
  commit('feat: add json', ...SOURCES)
  commit('feat: add csv (#8)', ...SOURCES)
  const { features } = await mine()
  expect(features.map(({ title }) => title)).toEqual(['feat: add json', 'feat: add csv'])
  expect(features[1]!.commit).toBe(hash)
  expect(await reasons()).toMatchObject({ 'came before, by another branch': 1 })
})

test('what is no feature is dropped, each for its reason', async () => {
  commit('Add csv', ...SOURCES.slice(0, 2))
  commit('fix: wrong total', ...SOURCES)
  commit('chore: format', ...SOURCES)
  commit('Some work', ...SOURCES)
  commit('Bump lodash from 4 to 5', ...SOURCES)
  commit('Add many', ...Array.from({ length: 40 }, (_, i) => `src/many/${i}.ts`))
  commit('Add to many', ...Array.from({ length: 40 }, (_, i) => `src/many/${i}.ts`))
  sh(root, '-c', 'user.name=renovate[bot]', 'commit', '-q', '--allow-empty', '-m', 'feat: new things')
  sh(root, 'mv', 'src/many', 'src/more')
  commit('Add a better layout', ...SOURCES)
  expect(await titles()).toEqual([])
  expect(await reasons()).toEqual({
    'modifies fewer than 3 source files': 2,
    'reads like a fix': 1,
    'reads like a chore': 1,
    'does not read like a feature': 1,
    'dependency update': 1,
    'modifies more than 30 files': 1,
    'made by a bot': 1,
    'mostly renames': 1,
    'first commit': 1,
  })
})

test('a renamed file counts, by its old path, when much of it changed', async () => {
  sh(root, 'mv', 'src/a.ts', 'src/a2.ts')
  sh(root, 'mv', 'src/b.ts', 'src/b2.ts')
  write(root, 'src/a2.ts', textOf('src/a.ts').replaceAll(/_1\d/g, 'y'))
  commit('Add renaming', 'src/c.ts', 'src/d.ts')
  expect((await mine()).features.map((feature) => feature.modifiedSource)).toEqual([
    ['src/c.ts', 'src/d.ts', 'src/a.ts'].sort(),
  ])
})

test('a change of modes alone modifies nothing', async () => {
  sh(root, 'update-index', '--chmod=+x', ...SOURCES)
  sh(root, 'commit', '-q', '-m', 'Add execution')
  expect(await reasons()).toMatchObject({ 'modifies fewer than 3 source files': 1 })
})

test('a feature that was reverted later is no task; one whose revert was reverted is', async () => {
  commit('Add csv', ...SOURCES)
  sh(root, 'revert', '--no-edit', 'HEAD')
  commit('Add json (#8)', ...SOURCES)
  sh(root, 'revert', '--no-edit', 'HEAD')
  sh(root, 'commit', '-q', '--amend', '-m', 'Revert "Add json (#8)" (#9)')
  commit('Add xml', ...SOURCES)
  const xml = head()
  sh(root, 'revert', '--no-edit', 'HEAD')
  sh(root, 'revert', '--no-edit', 'HEAD')
  expect((await mine()).features.map((feature) => feature.commit)).toEqual([xml])
  expect(await reasons()).toMatchObject({ 'reverted later': 2, revert: 4 })
})

test('a revert takes back the commit that it names, not a newer one of the same title', async () => {
  commit('Add csv', ...SOURCES)
  const old = head()
  commit('fix: total', 'src/a.ts')
  commit('Add csv', ...SOURCES)
  const newer = head()
  commit(`Revert "Add csv"\n\nThis reverts commit ${old.slice(0, 9)}.`, ...SOURCES)
  expect((await mine()).features.map((feature) => feature.commit)).toEqual([newer])
  commit(`Revert "Add csv"\n\nThis reverts commit ${'0'.repeat(40)}, of the branch.`, ...SOURCES)
  expect(await titles()).toEqual([])
})

test('what was reapplied is a task again, once', async () => {
  commit('Add csv (#1)', ...SOURCES)
  const csv = head()
  commit('Revert "Add csv (#1)" (#2)', ...SOURCES)
  commit('Reapply "Add csv (#1)" (#3)', ...SOURCES)
  expect((await mine()).features.map((feature) => feature.commit)).toEqual([csv])
  commit('Revert "Reapply "Add csv (#1)" (#3)" (#4)', ...SOURCES)
  expect(await titles()).toEqual([])
})

test('since, limit and maxCommits narrow what is looked at', async () => {
  commit('Add one', ...SOURCES)
  sh(root, 'tag', 'v1')
  commit('Add two', ...SOURCES)
  commit('Add three', ...SOURCES)
  expect(await titles({ since: 'v1' })).toEqual(['Add three', 'Add two'])
  expect(await titles({ limit: 1 })).toEqual(['Add three'])
  expect(await mine({ maxCommits: 2 })).toMatchObject({
    candidates: 2,
    features: [{ title: 'Add three' }, { title: 'Add two' }],
  })
  await expect(mine({ since: 'nowhere' })).rejects.toThrow('nowhere')
})

test('as many features as are asked for are looked for behind the newest five thousand commits', async () => {
  commit('Add old', ...SOURCES)
  const stream = Array.from(
    { length: 5000 },
    (_, i) =>
      `commit refs/heads/main\ncommitter Ada <ada@example.org> ${2_000_000_000 + i} +0000\ndata 4\nnote\n${i === 0 ? 'from refs/heads/main^0\n' : ''}\n`,
  ).join('')
  execFileSync('git', ['fast-import', '--quiet'], { cwd: root, input: stream })
  expect(await titles()).toEqual([])
  expect(await mine({ limit: 1 })).toMatchObject({ candidates: 5001, features: [{ title: 'Add old' }] })
  expect(await titles({ limit: 1, maxCommits: 5000 })).toEqual([])
})

test('one commit is no history', async () => {
  expect(await mine()).toEqual({ features: [], candidates: 1, dropped: [{ reason: 'first commit', count: 1 }] })
})

test('a commit that was grafted onto another is not where a clone ends', async () => {
  const base = head()
  commit('Tune', 'src/d.ts')
  commit('Add csv', ...SOURCES)
  const feature = head()
  write(root, '.git/info/grafts', `${feature} ${base}\n`)
  expect((await mine()).features).toMatchObject([{ commit: feature, base }])
})

test('where a shallow clone ends, what changed cannot be known', async () => {
  commit('Add one', ...SOURCES)
  commit('Add two', ...SOURCES)
  const clone = join(scratchFolder(), 'clone')
  execFileSync('git', ['clone', '-q', '--depth', '2', pathToFileURL(root).href, clone])
  const { features, dropped } = await mineFeatures(clone, 'HEAD')
  expect(features.map((feature) => feature.title)).toEqual(['Add two'])
  expect(dropped).toEqual([{ reason: 'its parent is not in this clone (shallow)', count: 1 }])
})

test('a feature is no task as long as the contents of the state before it are not in this clone; nothing is fetched', async () => {
  sh(root, 'mv', 'src/d.ts', 'src/e.ts')
  commit('Add a flag', ...SOURCES.slice(0, 3), 'src/e.ts')
  const clone = partialClone(root)
  sh(clone, 'remote', 'set-url', 'origin', join(root, 'gone'))
  const lacking = await mineFeatures(clone, 'HEAD')
  expect(lacking.features).toEqual([])
  expect(lacking.dropped).toContainEqual({ reason: NOT_HERE, count: 1 })
  expect(() => expectContents(lacking)).toThrow(
    'this clone (a partial one) lacks contents from before the one past feature',
  )
  sh(clone, 'remote', 'set-url', 'origin', root)
  bringContents(clone)
  const here = await mineFeatures(clone, 'HEAD')
  expect(here.features.map(({ title, modifiedSource }) => [title, modifiedSource])).toEqual([
    ['Add a flag', SOURCES.slice(0, 3)],
  ])
  expectContents(here)
})

test('in a partial clone those features are tasks of which all is here', async () => {
  commit('Add csv', ...SOURCES)
  commit('Add xml', ...SOURCES)
  const clone = partialClone(root)
  sh(clone, 'checkout', '-q', 'HEAD~1')
  const { features, dropped } = await mineFeatures(clone, 'main')
  expect(features.map(({ title }) => title)).toEqual(['Add xml'])
  expect(dropped).toContainEqual({ reason: NOT_HERE, count: 1 })
})

test("messages in the author's encoding and paths of any sort come out as they are", async () => {
  const odd = ['src/ä b.ts', 'src/"q".ts', 'src/日本.ts'].map(pathHere)
  commit('files', ...odd)
  for (const path of odd) write(root, path, 'changed')
  sh(root, 'add', '-A')
  sh(root, 'config', 'i18n.commitEncoding', 'ISO-8859-1')
  execFileSync('git', ['commit', '-q', '-F', '-'], { cwd: root, input: Buffer.from('Add Gr\xfc\xdfe', 'latin1') })
  const [feature] = (await mine()).features
  expect(feature!.title).toBe('Add Grüße')
  expect([...feature!.modified].sort()).toEqual([...odd].sort())
})

test('an abort ends the walk', async () => {
  const controller = new AbortController()
  controller.abort(new Error('stopped'))
  await expect(mine({ signal: controller.signal })).rejects.toThrow('stopped')
})
