import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allowedPaths } from '../../src/edit/allowed-paths.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

const root = scratchFolder()

test('paths are allowed from the top of the repository, however they are written', () => {
  expect(allowedPaths(root, ['.npmrc', './src/../.env', join(root, '.github/workflows'), '..file', 'a/', '.'])).toEqual(
    ['.npmrc', '.env', '.github/workflows', '..file', 'a', ''],
  )
  expect(allowedPaths(root, [])).toEqual([])
})

test.each(['', ' ', '..', '../other', 'src/../..', '/etc', `${root}x`])('%j is not in the repository', (path) => {
  expect(() => allowedPaths(root, [path])).toThrow(`--allow takes a path in the repository, not '${path}'`)
})
