import { expect, test } from 'vitest'
import { existsLike } from '../../src/edit/exists-like.ts'
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
  expect(permission.verdictOf('x/config', existsLike(root))?.why).toMatch(/^git takes its folder/)
  expect(permission.verdictOf('x/config', existsLike(scratchFolder(), files))?.why).toMatch(/^git takes its folder/)
  expect(permission.verdictOf('y/config', existsLike(root, files))).toBeNull()
})
