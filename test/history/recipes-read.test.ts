import { beforeEach, expect, test } from 'vitest'
import { readAdditions } from '../../src/history/recipes-read.ts'
import { scratchRepo, sh, write } from '../repo/scratch-repo.ts'

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
  const additions = await readAdditions(root, 'HEAD')
  expect(additions).toMatchObject([
    { title: 'feat: add json', modified: [], created: ['src/json.ts', 'test/json.test.ts'] },
    { title: 'Add csv', modified: ['src/a.ts'], created: ['src/csv.ts'] },
  ])
  expect(additions[0]!.commit).toBe(sh(root, 'rev-parse', 'HEAD').trim())
})

test('fixes, prose alone, sweeps, the first commit and what was reverted are not', async () => {
  commit('fix: wrong total', 'src/a.ts', 'src/b.ts')
  commit('Add pages', 'docs/x.md', 'README.md')
  commit('Add everything', ...Array.from({ length: 41 }, (_, i) => `src/many/${i}.ts`))
  commit('Add csv', 'src/a.ts', 'src/b.ts')
  sh(root, 'revert', '--no-edit', 'HEAD')
  expect(await readAdditions(root, 'HEAD')).toEqual([])
})

test('what bots commit is none, under whatever name', async () => {
  for (const name of ['renovate[bot]', 'Renovate Bot', 'Hosted Weblate', 'dependabot-preview']) {
    write(root, 'src/a.ts', `${edits++}\n`)
    sh(root, '-c', `user.name=${name}`, 'commit', '-qam', 'Add new things')
  }
  expect(await readAdditions(root, 'HEAD')).toEqual([])
})

test('an abort ends it', async () => {
  const controller = new AbortController()
  controller.abort(new Error('stopped'))
  await expect(readAdditions(root, 'HEAD', controller.signal)).rejects.toThrow('stopped')
})
