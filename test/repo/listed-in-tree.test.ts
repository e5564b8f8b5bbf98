import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isInTree } from '../../src/files/is-in-tree.ts'
import { readInTree } from '../../src/files/read-in-tree.ts'
import { listFiles } from '../../src/repo/list-files.ts'
import { listTree } from '../../src/repo/list-tree.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchRepo, sh, write } from './scratch-repo.ts'

test.each(['../a', 'a/../../b', '/etc/passwd', 'a//b', './a', '.git/config', 'a/.GIT/x', 'GIT~1/config', '', '..'])(
  '%j is outside',
  (path) => {
    expect(isInTree(path)).toBe(false)
  },
)

test.each(['a', 'a/b', 'other/', '.github/x', '..a/b', 'a..', '.gitignore', 'a/.../b', 'git/x'])(
  '%j is inside',
  (path) => {
    expect(isInTree(path)).toBe(true)
  },
)

test('files above the repository that an index or a commit of others names are not listed', async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n', 'zz/b.ts': 'export const b = 1\n' })
  write(root, '../b.ts', 'export const secret = 1\n')
  const tree = execFileSync('git', ['cat-file', 'tree', 'HEAD^{tree}'], { cwd: root, encoding: 'latin1' })
  const commit = execFileSync('git', ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], {
    cwd: root,
    encoding: 'latin1',
    input: Buffer.from(tree.replace('zz\0', '..\0'), 'latin1'),
  }).trim()
  const index = readFileSync(join(root, '.git/index'), 'latin1').slice(0, -20).replace('zz/b.ts', '../b.ts')
  const end = createHash('sha1').update(index, 'latin1').digest('binary')
  writeFileSync(join(root, '.git/index'), index + end, 'latin1')
  expect(sh(root, 'ls-files')).toContain('../b.ts')
  expect((await listTree(root, commit)).files.map(({ path }) => path)).toEqual(['a.ts'])
  expect((await listFiles(root, { maxFileBytes: 1e6 })).files.map(({ path }) => path)).toEqual(['a.ts', 'zz/b.ts'])
})

test.skipIf(isWindows).each(['--skip-worktree', '--assume-unchanged'])(
  'a file that lies behind a link, where %s keeps git from looking, is not listed',
  async (option) => {
    const root = scratchRepo({ 'a.ts': 'export const a = 1\n', 'zz/b.ts': 'export const b = 1\n' })
    sh(root, 'update-index', option, 'a.ts', 'zz/b.ts')
    write(root, '../b.ts', 'export const secret = 1\n')
    rmSync(join(root, 'zz'), { recursive: true })
    symlinkSync('..', join(root, 'zz'))
    write(root, 'a.ts', 'export const a = 2\n')
    const { files } = await listFiles(root, { maxFileBytes: 1e6 })
    expect(files).toEqual([{ path: 'a.ts', blob: sh(root, 'hash-object', 'a.ts').trim() }])
  },
)

test.skipIf(isWindows)('a file in conflict that lies behind a link is not listed', async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n', 'zz/b.ts': 'export const b = 1\n' })
  write(root, '../b.ts', 'export const secret = 1\n')
  rmSync(join(root, 'zz'), { recursive: true })
  symlinkSync('..', join(root, 'zz'))
  const blob = sh(root, 'rev-parse', 'HEAD:a.ts').trim()
  const both = [2, 3].map((stage) => `100644 ${blob} ${stage}\tzz/b.ts\n`).join('')
  execFileSync('git', ['update-index', '--index-info'], { cwd: root, input: `0 ${'0'.repeat(40)}\tzz/b.ts\n${both}` })
  expect(sh(root, 'status', '--porcelain')).toContain('AA zz/b.ts')
  expect((await listFiles(root, { maxFileBytes: 1e6 })).files.map(({ path }) => path)).toEqual(['a.ts'])
})

test.skipIf(isWindows)('a path of a row that leads out of the tree is not read', () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n', 'src/b.ts': 'export const b = 1\n' })
  write(root, '../b.ts', 'export const secret = 1\n')
  symlinkSync('..', join(root, 'zz'))
  expect(['src/b.ts', '../b.ts', 'zz/b.ts', 'src/../../b.ts'].map((path) => readInTree(root, path))).toEqual([
    'export const b = 1\n',
    null,
    null,
    null,
  ])
})
