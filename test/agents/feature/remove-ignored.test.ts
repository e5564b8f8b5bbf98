import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applySeen } from '../../../agents/feature/staged/apply-seen.ts'
import { openWorkspace } from '../../../agents/feature/workspace.ts'
import { editPermission } from '../../../src/edit/permission.ts'
import { isWindows } from '../../helpers/platform.ts'
import { scratchRepo } from '../../repo/scratch-repo.ts'

test.skipIf(isWindows)('an edit of rules of git through a link first removes what checks left', async () => {
  const root = scratchRepo({ 'rules/ign': 'build/\n', 'b.ts': 'const b = 1\n' })
  symlinkSync('rules', join(root, 'lk'))
  const here = { paths: [{ path: 'rules/ign', why: 'git reads it' }], whyNamed: () => null }
  let removed = 0
  const workspace = openWorkspace(root, undefined, {
    permission: editPermission({ request: 'add other/ to rules/ign', allowed: [], here }),
    removeIgnored: async () => {
      removed++
    },
  })
  const edit = (path: string, find: string) => ({ kind: 'replace' as const, path, find, replacement: `${find} ` })
  expect(await applySeen([edit('b.ts', 'const b = 1')], workspace, new Set(['b.ts']))).toEqual([])
  expect(removed).toBe(0)
  expect(await applySeen([edit('./lk/ign', 'build/')], workspace, new Set(['lk/ign']))).toEqual([])
  expect(removed).toBe(1)
})
