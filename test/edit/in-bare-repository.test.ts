import { expect, test } from 'vitest'
import { bareRepositoriesIn } from '../../src/edit/in-bare-repository.ts'
import { editPermission } from '../../src/edit/permission.ts'
import { scratchFolder, write } from '../repo/scratch-repo.ts'

test.each([
  ['x/HEAD', 'x/objects/a', 'x/refs/a'],
  ['x/head', 'x/objects/a', 'x/refs/a'],
  ['x/HEAD', 'x/OBJECTS/a', 'X/Refs/a'],
  ['x/HEAD.', 'x/object\u017f/a', 'x/refs/a'],
])('the settings of a folder that git takes for a repository are protected in any spelling: %s, %s, %s', (...files) => {
  const root = scratchFolder()
  for (const path of files) write(root, path, '')
  const permission = editPermission({ request: 'add a helper', allowed: [] })
  expect(permission.verdictOf('x/config', bareRepositoriesIn([root], []))?.why).toMatch(/^git may take its folder/)
  expect(permission.verdictOf('x/config', bareRepositoriesIn([scratchFolder()], files))?.why).toMatch(
    /^git may take its folder/,
  )
  expect(permission.verdictOf('y/config', bareRepositoriesIn([root], files))).toBeNull()
})

test('two trees together may hold the parts; thousands of deep paths take no seconds', () => {
  const [one, other] = [scratchFolder(), scratchFolder()]
  write(one, 'x/HEAD', '')
  write(other, 'x/objects/a', '')
  expect(bareRepositoriesIn([one, other], ['x/refs/a'])('x/config')).toBe(true)
  expect(bareRepositoriesIn([one], ['x/refs/a'])('x/config')).toBe(false)
  const deep = Array.from({ length: 10_000 }, (_, i) => `${'a/'.repeat(98)}${i}`)
  const started = performance.now()
  expect(deep.filter(bareRepositoriesIn([one, other], deep))).toEqual([])
  expect(performance.now() - started).toBeLessThan(5000)
})
