import { afterEach, expect, test } from 'vitest'
import { trackedNames } from '../../../agents/sleep/tracked-names.ts'
import { fakeGit } from '../../helpers/fake-git.ts'
import { isWindows, removeFolder } from '../../helpers/platform.ts'
import { scratchRepo } from '../../repo/scratch-repo.ts'

const { PATH } = process.env
afterEach(() => {
  process.env.PATH = PATH
})

test('names that stand as words in a tracked file are found', async () => {
  const names = trackedNames(scratchRepo({ 'a.md': 'about addBook\n' }))
  expect([...(await names(['addBook', 'addBo', 'about', ' ', 'a\0b', 'x'.repeat(200_000)]))]).toEqual([
    'addBook',
    'about',
  ])
})

test.skipIf(isWindows)('a search that takes too long is ended, and holds nothing against the name', async () => {
  const root = scratchRepo({ 'a.md': '\n' })
  const slow = fakeGit('exec sleep 60')
  process.env.PATH = slow.PATH
  const from = performance.now()
  expect([...(await trackedNames(root, undefined, 200)(['addBook']))]).toEqual(['addBook'])
  expect(performance.now() - from).toBeLessThan(10_000)
  removeFolder(slow.folder)
})
