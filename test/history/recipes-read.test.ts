import { beforeEach, expect, test } from 'vitest'
import { readAdditions } from '../../src/indexing/read-additions.ts'
import { partialClone, scratchRepo, sh, write } from '../repo/scratch-repo.ts'

let root: string
beforeEach(() => {
  root = scratchRepo({ 'src/a.ts': 'a', 'src/b.ts': 'b', 'README.md': 'r' })
})

let edits = 0
function commit(message: string, ...paths: string[]): void {
  for (const path of paths) write(root, path, `${edits++}\n`)
  sh(root, 'add', '-A')
  sh(root, 'commit', '-q', '--allow-empty', '-m', message)
}

test('additions of two files and more are read, newest first, with what they changed and made', async () => {
  commit('Add csv (#3)', 'src/csv.ts', 'src/a.ts')
  commit('feat: add json', 'src/json.ts', 'test/json.test.ts')
  const { additions } = await readAdditions(root, 'HEAD')
  expect(additions).toMatchObject([
    { title: 'feat: add json', modified: [], created: ['src/json.ts', 'test/json.test.ts'] },
    { title: 'Add csv', modified: ['src/a.ts'], created: ['src/csv.ts'] },
  ])
  expect(additions[0]!.commit).toBe(sh(root, 'rev-parse', 'HEAD').trim())
})

test('what came by two branches is one addition', async () => {
  commit('Add csv (#3)', 'src/a.ts', 'src/b.ts')
  commit('Add csv (#4)', 'src/a.ts', 'src/b.ts')
  expect((await readAdditions(root, 'HEAD')).additions.map(({ title }) => title)).toEqual(['Add csv'])
})

test('what adds another one of a kind is known by a name that no path said before', async () => {
  commit('Add csv driver', 'src/drivers/csv.ts', 'src/a.ts')
  commit('Tune', 'src/drivers/xml.ts')
  commit('Add xml driver', 'src/drivers/xml.ts', 'src/a.ts')
  commit('Add json driver', 'src/drivers/json.ts', 'src/a.ts')
  const { additions } = await readAdditions(root, 'HEAD')
  expect(additions.map(({ title, kind }) => [title, kind])).toEqual([
    ['Add json driver', 'driver'],
    ['Add xml driver', null],
    ['Add csv driver', null], // no path said driver
  ])
})

test('fixes, prose alone, sweeps, the first commit and what was reverted are not', async () => {
  commit('fix: wrong total', 'src/a.ts', 'src/b.ts')
  commit('Add pages', 'docs/x.md', 'README.md')
  commit('Add everything', ...Array.from({ length: 41 }, (_, i) => `src/many/${i}.ts`))
  commit('Add csv', 'src/a.ts', 'src/b.ts')
  sh(root, 'revert', '--no-edit', 'HEAD')
  expect(await readAdditions(root, 'HEAD')).toEqual({ additions: [], missing: [] })
})

test('what bots commit is none, under whatever name', async () => {
  for (const name of ['renovate[bot]', 'Renovate Bot', 'Hosted Weblate', 'dependabot-preview']) {
    write(root, 'src/a.ts', `${edits++}\n`)
    sh(root, '-c', `user.name=${name}`, 'commit', '-qam', 'Add new things')
  }
  expect(await readAdditions(root, 'HEAD')).toEqual({ additions: [], missing: [] })
})

test('in a partial clone additions are read whose contents are here; of the others it is told what is missing', async () => {
  const lines = (name: string) => `export const ${name} = 1\n`.repeat(20)
  const change = (from: string, to: string, text: string) => {
    sh(root, 'mv', from, to)
    write(root, to, text)
    commit(`Add ${to.slice(4, 7)} to the table`, 'src/b.ts')
  }
  commit('Tidy up', 'README.md')
  write(root, 'src/a.ts', lines('a'))
  commit('Tidy up')
  const old = sh(root, 'rev-parse', 'HEAD:src/a.ts').trim()
  change('src/a.ts', 'src/csv.ts', `${lines('a')}${lines('b').slice(0, 300)}`)
  change('src/csv.ts', 'src/xml.ts', `${lines('a')}${lines('c').slice(0, 300)}`)
  const clone = partialClone(root)
  sh(clone, 'checkout', '-q', 'HEAD~1')
  const { additions, missing } = await readAdditions(clone, 'main')
  expect(additions).toMatchObject([
    { title: 'Add xml to the table', modified: ['src/b.ts', 'src/csv.ts'], created: [] },
  ])
  expect(missing).toEqual([old])
})

test('a commit that moves more files than it changes is no addition', async () => {
  const move = (path: string, to: string) => {
    write(root, to, '') // makes its folder
    sh(root, 'mv', '-f', path, to)
  }
  for (const name of ['a', 'b']) move(`src/${name}.ts`, `lib/${name}.ts`)
  commit('Add csv to the library', 'src/csv.ts', 'README.md')
  move('lib/a.ts', 'src/a.ts')
  commit('Add json to it', 'src/csv.ts', 'README.md')
  expect((await readAdditions(root, 'HEAD')).additions).toMatchObject([
    { title: 'Add json to it', modified: ['README.md', 'src/csv.ts'], created: [] },
  ])
})

test('a file that is moved counts as changed where more than a tenth of it was', async () => {
  const text = (changed: number) => Array.from({ length: 20 }, (_, i) => `line ${i < changed ? 'x' : ''}${i} of it\n`)
  for (const path of ['src/little.ts', 'src/much.ts']) write(root, path, `// ${path}\n${text(0).join('')}`)
  commit('Start it', 'src/c.ts')
  sh(root, 'mv', 'src/little.ts', 'lib.ts')
  sh(root, 'mv', 'src/much.ts', 'much.ts')
  write(root, 'lib.ts', `// src/little.ts\n${text(1).join('')}`)
  write(root, 'much.ts', `// src/much.ts\n${text(5).join('')}`)
  commit('Add csv', 'src/a.ts')
  const [added] = (await readAdditions(root, 'HEAD')).additions
  expect(added!.modified.toSorted()).toEqual(['src/a.ts', 'src/much.ts'])
})

test('an addition of forty files is one, of more it is a sweep', async () => {
  const files = (folder: string, count: number) => Array.from({ length: count }, (_, i) => `src/${folder}/${i}.ts`)
  commit('Add forty', ...files('forty', 40))
  commit('Add more', ...files('more', 41))
  expect((await readAdditions(root, 'HEAD')).additions.map(({ title }) => title)).toEqual(['Add forty'])
})

test('an abort ends it', async () => {
  const controller = new AbortController()
  controller.abort(new Error('stopped'))
  await expect(readAdditions(root, 'HEAD', controller.signal)).rejects.toThrow('stopped')
})
