import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dependencyFolders } from '../../src/repo/dependency-folders.ts'
import { git } from '../../src/repo/git.ts'
import { openWorktree } from '../../src/repo/worktree.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder, scratchRepo, write } from './scratch-repo.ts'

const IGNORED = { '.gitignore': 'node_modules\n.venv\nvenv\nvendor/bundle\n', Gemfile: '' }

describe.skipIf(isWindows)('a link in the place of a dependency folder', () => {
  test.each([
    ['node_modules', '.ssh', 'id', false],
    ['.venv', '.ssh', 'id', false],
    ['venv', 'mail', 'inbox', false],
    ['vendor/bundle', '.ssh', 'id', false],
    ['node_modules', 'elsewhere/node_modules', 'dep/index.js', true],
    ['.venv', '.virtualenvs/shop', 'pyvenv.cfg', true],
    ['vendor/bundle', 'gems', 'ruby/3.3.0/x', true],
  ])('%s that leads to %s', async (path, target, file, counts) => {
    const root = scratchRepo(IGNORED)
    const elsewhere = scratchFolder()
    write(elsewhere, `${target}/${file}`, '')
    mkdirSync(join(root, path, '..'), { recursive: true })
    symlinkSync(join(elsewhere, target), join(root, path))
    expect(await dependencyFolders(root, ['.gitignore', 'Gemfile'], git)).toEqual(counts ? [path] : [])
  })

  test('does not count if it leads to a folder that holds the repository', async () => {
    const root = scratchRepo(IGNORED)
    write(root, '../pyvenv.cfg', '')
    symlinkSync('..', join(root, '.venv'))
    expect(await dependencyFolders(root, ['.gitignore'], git)).toEqual([])
  })

  test('does not count behind a link of the commit, which a worktree of that commit would follow', async () => {
    const root = scratchRepo({ ...IGNORED, '.gitignore': 'bundle\n' })
    write(root, 'vendor/bundle/ruby/3.3.0/x', '')
    expect(await dependencyFolders(root, ['Gemfile'], git)).toEqual(['vendor/bundle'])
    expect(await dependencyFolders(root, ['Gemfile', 'vendor'], git)).toEqual([])
  })

  test('stays as it is in a worktree if git tracks it', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    mkdirSync(join(root, 'shared/node_modules'), { recursive: true })
    symlinkSync('shared/node_modules', join(root, 'node_modules'))
    await git(root, ['add', '-A', '-f'])
    await git(root, ['commit', '-q', '-m', 'Link'])
    const worktree = await openWorktree(root)
    expect(worktree.linked).toEqual([])
    expect(await worktree.diff()).toBe('')
    await worktree.close()
  })
})
