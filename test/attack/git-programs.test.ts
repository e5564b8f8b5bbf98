import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { implementRequest } from '../../agents/feature/agent.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { scriptedLlm } from '../../src/llm/scripted-llm.ts'
import { applyToTree } from '../../src/repo/apply-result.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openStore } from '../../src/store/open-store.ts'
import { isWindows } from '../helpers/platform.ts'
import { read, scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'
import { FILES } from './look.ts'
import { runHere } from './run-here.ts'

/** A program that a repository would have run, and the file that it makes. */
function trap(): { readonly program: string; readonly hasRun: () => boolean; readonly at: string } {
  const folder = scratchFolder()
  const at = join(folder, 'ran')
  const program = join(folder, 'evil')
  writeFileSync(program, `#!/bin/sh\necho ran >> '${at}'\n`, { mode: 0o755 })
  return { program, at, hasRun: () => existsSync(at) }
}

const hook = (folder: string, program: string) => {
  mkdirSync(folder, { recursive: true })
  const all = [
    'post-checkout',
    'post-index-change',
    'reference-transaction',
    'pre-commit',
    'post-commit',
    'pre-auto-gc',
    'post-rewrite',
    'fsmonitor-watchman',
  ]
  for (const name of all) {
    writeFileSync(join(folder, name), `#!/bin/sh\nexec '${program}'\n`)
    chmodSync(join(folder, name), 0o755)
  }
}

describe.skipIf(isWindows)('what a git folder says is never run', () => {
  const config =
    (...settings: readonly (readonly [string, string])[]) =>
    (root: string, program: string) => {
      for (const [key, value] of settings) sh(root, 'config', key, value.replaceAll('EVIL', program))
    }
  test.each<[string, (root: string, program: string) => void]>([
    ['core.fsmonitor', config(['core.fsmonitor', 'EVIL'])],
    ['core.fsmonitor, as a hook of version 2', config(['core.fsmonitor', 'EVIL'], ['core.fsmonitorHookVersion', '2'])],
    ['core.pager', config(['core.pager', 'EVIL'], ['pager.log', 'EVIL'], ['pager.diff', 'true'])],
    ['core.editor', config(['core.editor', 'EVIL'], ['sequence.editor', 'EVIL'])],
    ['diff.external', config(['diff.external', 'EVIL'])],
    ['gpg.program', config(['gpg.program', 'EVIL'], ['log.showSignature', 'true'], ['commit.gpgSign', 'true'])],
    [
      'core.sshCommand',
      config(['core.sshCommand', 'EVIL'], ['remote.origin.url', 'ssh://x/y'], ['remote.origin.promisor', 'true']),
    ],
    [
      'a remote helper',
      config(
        ['remote.origin.url', 'ext::EVIL'],
        ['remote.origin.promisor', 'true'],
        ['extensions.partialClone', 'origin'],
        ['protocol.ext.allow', 'always'],
      ),
    ],
    ['credential.helper', config(['credential.helper', '!EVIL'])],
    ['core.askPass', config(['core.askPass', 'EVIL'])],
    [
      'aliases of the commands that repose runs',
      config(
        ...['log', 'status', 'diff', 'ls-files', 'worktree', 'grep', 'apply'].map(
          (name) => [`alias.${name}`, '!EVIL'] as const,
        ),
      ),
    ],
    ['core.alternateRefsCommand', config(['core.alternateRefsCommand', 'EVIL'])],
    ['uploadpack.packObjectsHook', config(['uploadpack.packObjectsHook', 'EVIL'])],
    ['interactive.diffFilter', config(['interactive.diffFilter', 'EVIL'])],
    [
      'core.hooksPath',
      (root, program) => {
        hook(join(root, '.evil-hooks'), program)
        sh(root, 'config', 'core.hooksPath', join(root, '.evil-hooks'))
      },
    ],
    ['hooks', (root, program) => hook(join(root, '.git/hooks'), program)],
    [
      'init.templateDir',
      (root, program) => {
        hook(join(root, 'template/hooks'), program)
        sh(root, 'config', 'init.templateDir', join(root, 'template'))
      },
    ],
    [
      'a file that is included',
      (root, program) => {
        writeFileSync(join(root, 'extra'), `[core]\n\tfsmonitor = ${program}\n`)
        sh(root, 'config', 'include.path', '../extra')
      },
    ],
    [
      'an include for this folder',
      (root, program) => {
        writeFileSync(join(root, 'extra'), `[core]\n\tfsmonitor = ${program}\n`)
        sh(root, 'config', 'includeIf.gitdir:/.path', '../extra')
      },
    ],
    [
      'settings of a working tree',
      (root, program) => {
        sh(root, 'config', 'extensions.worktreeConfig', 'true')
        sh(root, 'config', '--worktree', 'core.fsmonitor', program)
      },
    ],
    [
      'diff.*.textconv',
      (root, program) => {
        write(root, '.gitattributes', '*.ts diff=evil\n')
        sh(root, 'config', 'diff.evil.textconv', program)
      },
    ],
    [
      'diff.*.command',
      (root, program) => {
        write(root, '.gitattributes', '*.ts diff=evil\n')
        sh(root, 'config', 'diff.evil.command', program)
      },
    ],
    [
      'a merge driver',
      (root, program) => {
        write(root, '.gitattributes', '*.ts merge=evil\n')
        sh(root, 'config', 'merge.evil.driver', program)
      },
    ],
    ['trailer.*.command', config(['trailer.x.command', 'EVIL'], ['trailer.x.cmd', 'EVIL'])],
  ])(
    '%s',
    async (_, plant) => {
      const { program, hasRun, at } = trap()
      const root = scratchRepo(FILES)
      plant(root, program)
      rmSync(at, { force: true }) // planting by git may spring the trap
      const edit = '@@ replace src/price.ts\n<<<<<<< find\nprice = 1\n======= replace\nprice = 2\n>>>>>>> end\n'
      const store = openStore(':memory:')
      const repo = await openRepo(root)
      const facts = { maxFileBytes: 1_000_000, maxCommits: 10, processes: 1 }
      const { worktree } = await refreshFacts(repo, store, facts)
      const options = {
        ...{ repo, store, worktree, llm: scriptedLlm(['open src/price.ts', edit, 'complete']), effort: 'low' as const },
        ...{ checks: [], checkTimeoutMs: 1000, budgetTokens: 100_000, signal: new AbortController().signal },
      }
      const result = await implementRequest('Raise the price', options, async (made) => made)
      expect(result).toMatchObject({ stop: 'done', modified: ['src/price.ts'] })
      expect(await applyToTree(root, result.diff)).toMatchObject({ status: 'applied' })
      expect(read(root, 'src/price.ts')).toContain('price = 2')
      expect(hasRun()).toBe(false)
    },
    60_000,
  )
})

describe.skipIf(isWindows)('a bare repository in a folder of a clone', () => {
  test('is not opened: its settings would name programs', async () => {
    const { program, hasRun } = trap()
    const inner = scratchRepo({ 'a.ts': 'export const a = 1\n', '.gitattributes': '* filter=evil\n' })
    const outer = scratchRepo({ 'b.ts': 'export const b = 1\n' })
    sh(outer, 'clone', '-q', '--bare', '--no-local', inner, join(outer, 'sub'))
    write(outer, 'sub/refs/keep', '')
    write(outer, 'sub/a.ts', 'export const a = 2\n')
    write(outer, 'sub/.gitattributes', '* filter=evil\n')
    const settings = `[core]\n\tbare = false\n\tworktree = .\n[filter "evil"]\n\tclean = ${program}\n\tsmudge = ${program}\n`
    write(outer, 'sub/config', settings)
    for (const args of [['status'], ['context', 'Raise a'], ['check'], ['implement', 'Raise a']])
      await expect(runHere(join(outer, 'sub'), ...args)).rejects.toThrow(/is a bare repository/)
    expect(hasRun()).toBe(false)
  })
})
