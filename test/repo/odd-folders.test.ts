import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { gitDirOf } from '../../src/repo/git-dir-of.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openWorktree, sweepWorktrees } from '../../src/repo/worktree.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo, sh, write } from './scratch-repo.ts'

const NAMES = [
  'line\nbreak',
  'ends in one\n',
  'shop\nfalse',
  'say "hi"',
  "it's",
  'trailing space ',
  '-leading-dash',
  '100% %h $HOME `id` $(id)',
  'back\\slash',
  'größe 日本',
  '*?[a]',
  '--bare',
]

describe.skipIf(isWindows)('a repository in a folder of an odd name', () => {
  test.each(NAMES)('is found, and works: %j', async (name) => {
    const root = scratchRepo({ 'src/cart.ts': 'export function total() {}\n' }, name)
    expect(await openRepo(join(root, 'src'))).toMatchObject({ root, commonDir: join(root, '.git') })
    for (const cwd of [root, join(root, 'src')]) {
      const run = await runRepose(['context', 'Round the total of a cart', '--json'], { cwd })
      expect(JSON.parse(run.stdout)).toMatchObject({ files: [{ path: 'src/cart.ts' }] })
    }
    expect((await runRepose(['status', '--json', '--repo', root], { cwd: '/' })).stdout).toContain(
      JSON.stringify(join(root, '.git/repose/repose.db')),
    )
    const linked = join(scratchFolder(), name)
    sh(root, 'worktree', 'add', '-q', '--detach', linked)
    if (!name.endsWith('\n'))
      expect(await openRepo(linked)).toMatchObject({ root: linked, commonDir: join(root, '.git') })
    const worktree = await openWorktree(root)
    write(worktree.root, 'src/cart.ts', 'export function sum() {}\n')
    expect(await worktree.changes()).toMatchObject({ modified: ['src/cart.ts'] })
    expect(await worktree.close()).toBe(true)
    expect(await sweepWorktrees(root)).toEqual([])
    expect(
      sh(root, 'worktree', 'list', '--porcelain', '-z')
        .split('\0')
        .filter((line) => line.startsWith('worktree ')),
    ).toHaveLength(2)
  })

  test('a name with a line break leads to no other repository', async () => {
    const folder = scratchFolder()
    const victim = join(folder, 'victim')
    execFileSync('git', ['clone', '-q', scratchRepo({ 'secret.ts': 'export const secret = 1\n' }), victim])
    const trap = join(folder, 'trap\n')
    mkdirSync(join(trap, victim), { recursive: true })
    const root = join(trap, victim, 'x\nfalse')
    renameSync(scratchRepo({ 'a.ts': 'export const a = 1\n' }), root)
    expect(await openRepo(root)).toMatchObject({ root, commonDir: join(root, '.git') })
  })

  test('a folder below a link is of the repository that git says', async () => {
    const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
    const link = join(scratchFolder(), 'li\nnk')
    symlinkSync(root, link)
    expect((await openRepo(join(link, 'src'))).root).toBe(root)
  })

  test.skipIf(process.platform !== 'linux')('a name that is not UTF-8 is said to be', () => {
    const script = `set -e; cd "$1"; d=$(printf 'caf\\351'); mkdir "$d"; cd "$d"; git init -q; git commit -q --allow-empty -m x; cd .; "$2" "$3" status; "$2" "$3" status --repo "$PWD"`
    const run = (command: string) =>
      spawnSync(
        'sh',
        ['-c', command, 'sh', scratchFolder(), process.execPath, join(PACKAGE_ROOT, 'dist/bin/repose.js')],
        {
          encoding: 'utf8',
        },
      )
    for (const command of [script.replace(/; [^;]*$/, ''), script.replace('"$2" "$3" status; ', '')]) {
      const { status, stderr } = run(command)
      expect(stderr).toMatch(
        /^error: the name of the folder .*caf\ufffd is not UTF-8\nfix: {3}rename it: repose reads all names as UTF-8\n$/,
      )
      expect(status).toBe(2)
    }
  })

  test('the folder of git that a file names may end in a space', () => {
    const root = scratchFolder()
    mkdirSync(join(root, 'git '))
    writeFileSync(join(root, '.git'), `gitdir: ${join(root, 'git ')}\n`)
    expect(gitDirOf(root)).toBe(join(root, 'git '))
  })
})
