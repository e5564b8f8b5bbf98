import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { hasConfiguredHooks, mayRunHooks, withoutHooks } from '../../src/repo/configured-hooks.ts'
import { nameDraft } from '../../src/repo/drafts.ts'
import { git } from '../../src/repo/git.ts'
import { treeWith } from '../../src/repo/tree-with.ts'
import { openWorktree } from '../../src/repo/worktree.ts'
import { fakeGit } from '../helpers/fake-git.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'

afterEach(() => vi.unstubAllEnvs())

/** git that says it is of this version, and notes for each command which hook of the repository it would run. */
function gitOfVersion(version: string): { readonly noted: () => string[] } {
  const log = join(scratchFolder(), 'log')
  const git = sh(scratchFolder(), '--exec-path').trim() // where git itself is, whatever PATH says
  const { PATH } = fakeGit(`
if [ "$1" = version ]; then echo "git version ${version}"; exit; fi
case "$*" in *get-regexp*) ;; *) for name in evil 'a=b.c d' post-checkout; do
  echo "$name: $('${git}/git' config --type=bool --get "hook.$name.enabled") $*" >> '${log}'
done ;; esac
exec '${git}/git' "$@"`)
  vi.stubEnv('PATH', PATH)
  return { noted: () => readFileSync(log, 'utf8').trim().split('\n') }
}

describe.skipIf(isWindows)('hooks that settings name (git 2.54)', () => {
  async function writeAll(root: string): Promise<void> {
    const head = (await git(root, ['rev-parse', 'HEAD'])).trim()
    const worktree = await openWorktree(root)
    try {
      const first = await worktree.snapshot()
      write(worktree.root, 'a.txt', 'b\n')
      await treeWith(root, head, await worktree.diff())
      await worktree.restore(first)
    } finally {
      await worktree.close()
    }
    await nameDraft(root, 1, head)
  }
  function hostile(): string {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    for (const name of ['evil', 'a=b.c d']) {
      sh(root, 'config', `hook.${name}.event`, 'post-checkout')
      sh(root, 'config', `hook.${name}.command`, 'false')
      sh(root, 'config', `hook.${name}.enabled`, 'true')
    }
    return root
  }

  test('are off by name and by event in each command that could run one', async () => {
    const root = hostile()
    const { noted } = gitOfVersion('2.54.0')
    await writeAll(root)
    const writing = noted().filter((line) =>
      / (worktree (add|remove)|update-(ref|index)|read-tree|checkout-index|apply) /.test(line),
    )
    expect(writing.filter((line) => /: false /.test(line)).length).toBeGreaterThan(15)
    expect(writing.filter((line) => /: true /.test(line))).toEqual([])
  }, 60_000)

  test('cost nothing where git knows none', async () => {
    const root = hostile()
    const { noted } = gitOfVersion('2.47.3')
    await writeAll(root)
    expect(noted().some((line) => line.startsWith('evil: true '))).toBe(true)
  }, 60_000)
})

test('what runs hooks, from which version', () => {
  const said = ['git version 2.53.1', 'git version 2.54.0', 'git version 3.0.0.rc1', 'git version 2.60.GIT', '']
  expect(said.map(hasConfiguredHooks)).toEqual([false, true, true, true, true])
  expect(mayRunHooks(['-c', 'update-ref', 'ls-files'])).toBe(false)
  expect(mayRunHooks(['-c', 'a.b=c', '--work-tree=x', 'checkout-index', '--all'])).toBe(true)
  const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'a.b', GIT_CONFIG_VALUE_0: 'c' }
  const keys = Object.entries(withoutHooks(env, 'hook.x.y.event\0hook.jobs\0')).filter(([key]) => /KEY/.test(key))
  expect(keys.map(([, name]) => name)).toEqual([
    'a.b',
    ...['post-checkout', 'post-index-change', 'pre-auto-gc', 'pre-push', 'reference-transaction', 'x.y'].map(
      (one) => `hook.${one}.enabled`,
    ),
  ])
})
