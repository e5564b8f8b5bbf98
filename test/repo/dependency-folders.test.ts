import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dependencyFolders } from '../../src/repo/dependency-folders.ts'
import { git } from '../../src/repo/git.ts'
import { openWorktree } from '../../src/repo/worktree.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder, scratchRepo, sh, write } from './scratch-repo.ts'

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

  test.each<[string, (root: string) => void]>([
    [
      'a link',
      (root) => {
        write(root, 'other/bundle/ruby/x', '')
        symlinkSync('other', join(root, 'vendor'))
      },
    ],
    [
      'a submodule',
      (root) => {
        const library = scratchRepo({ 'bundle/ruby/x': '' })
        sh(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor')
      },
    ],
    [
      'a submodule without its .git',
      (root) => {
        const library = scratchRepo({ 'bundle/ruby/x': '' })
        sh(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor')
        rmSync(join(root, 'vendor/.git'))
      },
    ],
  ])('below %s does not count, and a worktree is opened', async (_, make) => {
    const root = scratchRepo(IGNORED)
    make(root)
    sh(root, 'add', '-A')
    sh(root, 'commit', '-q', '-m', 'Add vendor')
    write(root, 'node_modules/x/index.js', '')
    const worktree = await openWorktree(root)
    expect(worktree.linked).toEqual([join(root, 'node_modules')])
    await worktree.close()
  })

  test('is not laid through a link of an earlier commit', async () => {
    const root = scratchRepo(IGNORED)
    const elsewhere = scratchFolder()
    symlinkSync(elsewhere, join(root, 'vendor'))
    sh(root, 'add', '-A')
    sh(root, 'commit', '-q', '-m', 'Link')
    rmSync(join(root, 'vendor'))
    sh(root, 'commit', '-q', '-a', '-m', 'Unlink')
    write(root, 'vendor/bundle/ruby/x', '')
    for (const [at, linked] of [
      ['HEAD~1', []],
      ['HEAD', [join(root, 'vendor/bundle')]],
    ] as const) {
      const worktree = await openWorktree(root, { at, isLinked: true })
      expect(worktree.linked).toEqual(linked)
      await worktree.close()
      expect(readdirSync(elsewhere)).toEqual([])
    }
  })
})
