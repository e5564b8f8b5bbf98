import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyToTree, commitToBranch, requireNewBranch } from '../../src/repo/apply-result.ts'
import { openWorktree, sweepWorktrees } from '../../src/repo/worktree.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { partialClone, scratchFolder, scratchRepo, sh, write } from './scratch-repo.ts'

const HOOKS = [
  'applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg post-commit',
  'pre-rebase post-checkout post-merge pre-push pre-receive update proc-receive post-receive post-update',
  'reference-transaction push-to-checkout pre-auto-gc post-rewrite sendemail-validate fsmonitor-watchman post-index-change',
]
  .join(' ')
  .split(' ')

const FEATURES = 18

/** A repository with a past and uncommitted work, of which every setting and hook that names a program names one that leaves its name. */
function trap(): { root: string; ran: () => string[] } {
  const part = (name: string, n: number) => `export function ${name}(): number {\n  return ${n}\n}\n`
  const names = ['a', 'b', 'c']
  const root = scratchRepo({
    ...Object.fromEntries(names.map((name) => [`src/${name}.ts`, part(name, 0)])),
    'data.bin': 'data\n',
    '.gitattributes': '* diff=evil filter=evil merge=evil\n',
  })
  for (let n = 1; n <= FEATURES; n++) {
    for (const name of names) write(root, `src/${name}.ts`, part(name, n))
    write(root, `src/kind${n}.ts`, part(`kind${n}`, n))
    sh(root, 'add', '-A')
    sh(root, 'commit', '-q', '-m', `Add another kind of discount number ${n} (#${n})`)
  }
  const log = join(scratchFolder(), 'ran')
  const leave = (name: string) => `sh -c 'echo ${name} >> ${log}; cat'`
  const settings = [
    'diff.external',
    'diff.evil.command',
    'diff.evil.textconv',
    'filter.evil.smudge',
    'merge.evil.driver',
    'core.sshCommand',
    'core.pager',
    'core.editor',
    'core.askPass',
    'core.gitProxy',
    'core.alternateRefsCommand',
    'credential.helper',
    'gpg.program',
    'gpg.ssh.program',
    'pager.log',
    'pager.status',
    'sequence.editor',
    'uploadpack.packObjectsHook',
    'remote.origin.uploadpack',
    'submodule.x.update',
    'interactive.diffFilter',
    'browser.evil.cmd',
    'man.evil.cmd',
  ]
  for (const name of settings) sh(root, 'config', name, name === 'submodule.x.update' ? `!${leave(name)}` : leave(name))
  for (const name of ['status', 'log', 'grep', 'ls-files', 'rev-parse', 'cat-file'])
    sh(root, 'config', `alias.${name}`, `!${leave(`alias-${name}`)}`)
  sh(root, 'config', 'log.showSignature', 'true')
  sh(root, 'config', 'commit.gpgSign', 'true')
  sh(root, 'config', 'core.hooksPath', 'hooks')
  write(root, '.git/info/attributes', '* diff=evil filter=evil\n')
  for (const name of HOOKS)
    for (const folder of ['hooks', '.git/hooks']) {
      write(root, `${folder}/${name}`, `#!/bin/sh\necho hook-${name} >> ${log}\n`)
      chmodSync(join(root, folder, name), 0o755)
    }
  write(root, 'src/a.ts', part('a', 99))
  write(root, 'src/new.ts', part('fresh', 1))
  return { root, ran: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) }
}

describe.skipIf(isWindows)('programs that a repository names', () => {
  test('are not started to index, sleep, answer, tell and backtest', async () => {
    const { root, ran } = trap()
    const commands = [
      ['index'],
      ['sleep'],
      ['context', 'Add another kind of discount'],
      ['ask', 'Where are discounts?', '--no-model'],
      ['status', '--left-out'],
      ['backtest', '--limit', '2'],
      ['sleep', '--dry-run'],
      ['doctor'],
    ]
    for (const args of commands) {
      const run = await runRepose(args, { cwd: root })
      expect({ args, ran: ran(), stderr: run.stderr }).toMatchObject({ args, ran: [] })
      expect(run.code).toBeLessThanOrEqual(1)
    }
  }, 120_000)

  test('but for filters, which a checkout needs, are not started for the worktree of an agent and its result', async () => {
    const { root, ran } = trap()
    sh(root, 'config', 'filter.evil.clean', 'cat')
    const worktree = await openWorktree(root)
    try {
      const first = await worktree.snapshot()
      write(worktree.root, 'src/b.ts', 'export const b = 9\n')
      await worktree.restore(first)
      write(worktree.root, 'src/b.ts', 'export const b = 10\n')
      const result = { head: worktree.head, diff: await worktree.diff() }
      await requireNewBranch({ root, commonDir: join(root, '.git'), head: result.head }, 'repose/x')
      expect(await commitToBranch(root, result, 'repose/x', 'Change b')).toMatchObject({ status: 'committed' })
      expect(await applyToTree(root, result.diff)).toMatchObject({ status: 'applied' })
    } finally {
      await worktree.close()
    }
    await sweepWorktrees(root)
    expect([...new Set(ran())]).toEqual(['filter.evil.smudge'])
  })

  test('are not started to bring what a partial clone lacks', async () => {
    const { root } = trap()
    rmSync(join(root, '.git/info/attributes'))
    sh(root, 'config', '--unset', 'core.hooksPath')
    for (const name of ['uploadpack.packObjectsHook', 'remote.origin.uploadpack', 'filter.evil.smudge'])
      sh(root, 'config', '--unset', name)
    const clone = partialClone(root)
    const log = join(scratchFolder(), 'ran')
    sh(clone, 'config', 'remote.origin.uploadpack', `echo uploadpack >> ${log}; git-upload-pack`)
    for (const args of [['index'], ['sleep'], ['context', 'Add a discount'], ['backtest', '--limit', '2']]) {
      await runRepose(args, { cwd: clone })
      expect({ args, ran: existsSync(log) }).toEqual({ args, ran: false })
    }
  }, 120_000)
})
