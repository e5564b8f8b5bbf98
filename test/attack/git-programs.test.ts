import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { implementRequest } from '../../agents/feature/agent.ts'
import { COMMANDS } from '../../bin/commands/index.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { scriptedLlm } from '../../src/llm/scripted-llm.ts'
import { applyToTree } from '../../src/repo/apply-result.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openStore } from '../../src/store/open-store.ts'
import { gitHubEnv, pullEvent } from '../helpers/ci-job.ts'
import { startForge } from '../helpers/forge-server.ts'
import { reply, startModelServer } from '../helpers/model-server.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { ask, connect } from '../mcp/connect.ts'
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

const FEATURES = 18

/** Every kind of setting that names a program, or leads git into a submodule. NAME becomes a program that leaves the setting's name. */
const SETTINGS: readonly (readonly [key: string, value: string])[] = [
  ...[
    ...['core.fsmonitor', 'core.pager', 'core.editor', 'core.askPass', 'core.gitProxy', 'core.sshCommand'],
    ...['core.alternateRefsCommand', 'sequence.editor', 'interactive.diffFilter', 'pager.log', 'pager.diff'],
    ...['diff.external', 'diff.evil.command', 'diff.evil.textconv', 'merge.evil.driver', 'merge.tool', 'diff.tool'],
    ...['difftool.evil.cmd', 'mergetool.evil.cmd', 'browser.evil.cmd', 'man.evil.cmd', 'tar.evil.command'],
    ...['gpg.program', 'gpg.ssh.program', 'gpg.x509.program', 'gpg.ssh.defaultKeyCommand', 'gc.recentObjectsHook'],
    ...['uploadpack.packObjectsHook', 'remote.origin.uploadpack', 'remote.origin.receivepack', 'remote.origin.vcs'],
    ...['trailer.x.command', 'trailer.x.cmd', 'sendemail.toCmd', 'hook.evil.command', 'guitool.evil.cmd'],
  ].map((key) => [key, 'NAME'] as const),
  ...['credential.helper', 'submodule.sub.update', 'alias.status', 'alias.diff', 'alias.log', 'alias.grep'].map(
    (key) => [key, '!NAME'] as const,
  ),
  ...['reference-transaction', 'post-checkout', 'post-index-change'].map((on) => ['hook.evil.event', on] as const),
  ...[
    ...['log.showSignature', 'commit.gpgSign', 'push.gpgSign', 'tag.gpgSign', 'merge.verifySignatures'],
    ...['submodule.recurse', 'fetch.recurseSubmodules', 'status.submoduleSummary', 'diff.cachetextconv'],
  ].map((key) => [key, 'true'] as const),
  ['push.recurseSubmodules', 'on-demand'],
  ['diff.submodule', 'diff'],
  ['diff.ignoreSubmodules', 'none'],
  ['submodule.sub.ignore', 'none'],
  ['core.hooksPath', 'HOOKS'],
  ['protocol.ext.allow', 'always'],
]

describe.skipIf(isWindows)(
  'a repository with a submodule and signed commits, all of whose settings name programs',
  () => {
    const FILTERS = ['clean', 'smudge', 'process'].map((kind) => [`filter.evil.${kind}`, 'NAME'] as const)

    /** ran: names of the settings whose programs ran since it was asked last. The repository itself names no filters: git needs them to compare files. */
    function planted() {
      const log = join(scratchFolder(), 'ran')
      const leaver = (folder: string, name: string) => {
        const program = join(scratchFolder(), 'evil')
        writeFileSync(program, `#!/bin/sh\necho '${basename(folder)}: ${name}' >> '${log}'\ncat\n`, { mode: 0o755 })
        return program
      }
      const plant = (folder: string, settings: typeof SETTINGS) => {
        const hooks = join(scratchFolder(), 'hooks')
        hook(hooks, leaver(folder, 'a hook'))
        hook(join(folder, 'hooks'), leaver(folder, 'a hook'))
        const lines = settings.map(([key, value]) => {
          const [, section, name, last] = /^(\w+)\.(?:(.*)\.)?([\w-]+)$/.exec(key)!
          const program = value.replace('NAME', leaver(folder, key)).replace('HOOKS', hooks)
          return `[${section}${name === undefined ? '' : ` "${name}"`}]\n\t${last} = ${program}\n`
        })
        appendFileSync(join(folder, 'config'), lines.join(''))
        write(folder, 'info/attributes', '* diff=evil merge=evil filter=evil\n')
      }

      const root = scratchRepo(FILES)
      const library = scratchRepo({ 'lib.ts': 'export const lib = 1\n' })
      sh(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'sub')
      for (let n = 1; n <= FEATURES; n++) {
        write(root, `src/kind${n}.ts`, `export const kind${n} = ${n}\n`)
        write(root, 'src/kinds.ts', `export const kinds = ${n}\n`)
        commitSigned(root, `Add another kind of discount number ${n} (#${n})`)
      }
      // two commits in the submodule, of which the first is staged, and a change that is not committed there
      const inner = join(root, 'sub')
      for (const n of [2, 3]) {
        write(inner, 'lib.ts', `export const lib = ${n}\n`)
        sh(inner, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-a', '-m', `Add ${n}`)
        if (n === 2) sh(root, 'add', 'sub')
      }
      write(inner, 'lib.ts', 'export const lib = 4\n')
      write(root, 'src/order.ts', `${FILES['src/order.ts']}export const order = price\n`)
      const store = join(scratchFolder(), 'store.git')
      sh(root, 'init', '-q', '--bare', '--template=', store)
      sh(root, 'remote', 'add', 'store', store)
      plant(join(root, '.git'), SETTINGS)
      plant(join(root, '.git/modules/sub'), [...SETTINGS, ...FILTERS])
      plant(store, SETTINGS)
      const ran = () => {
        const names = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
        rmSync(log, { force: true })
        return [...new Set(names)]
      }
      ran() // planting by git may spring a trap
      return { root, ran }
    }

    function commitSigned(root: string, subject: string): void {
      sh(root, 'add', '-A')
      const by = `Ada <ada@example.org> ${Math.floor(Date.now() / 1000)} +0000`
      const sign = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQE=\n -----END PGP SIGNATURE-----\n'
      const lines = `tree ${sh(root, 'write-tree')}parent ${sh(root, 'rev-parse', 'HEAD')}author ${by}\ncommitter ${by}\n`
      const options = { cwd: root, input: `${lines}${sign}\n${subject}\n`, encoding: 'utf8' } as const
      sh(
        root,
        'update-ref',
        'HEAD',
        execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], options).trim(),
      )
    }

    test('starts none, whatever command looks at it', async () => {
      const { root, ran } = planted()
      const edit = '@@ replace src/price.ts\n<<<<<<< find\nprice = 1\n======= replace\nprice = 2\n>>>>>>> end\n'
      const replies = ['open src/price.ts', edit, 'complete', ...Array<string>(20).fill('no')]
      const server = await startModelServer(replies.map((text) => reply(text)))
      const forge = await startForge('github')
      const others = scratchFolder()
      write(others, 'repos.txt', `${root}\n`)
      write(others, 'rows.jsonl', '')
      write(
        others,
        'repose/config.json',
        '{"backlog": {"draft": true}, "caps": {"dayTokens": 1000000}, "checks": ["true"]}',
      )
      const model = { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'scripted', OPENAI_API_KEY: 'x' }
      const [base, head] = ['HEAD~1', 'HEAD'].map((name) => sh(root, 'rev-parse', name).trim()) as [string, string]
      const job = gitHubEnv('pull_request', pullEvent({ head, base }), forge.url)
      const started: string[] = []
      const known = new Set<string>()
      const run = async (line: string, env?: Record<string, string>) => {
        const args = line.split(' ').map((word) => word.replaceAll('_', ' '))
        const { code, stderr } = await runRepose(args, { cwd: root, env })
        expect({ line, code, stderr }).not.toMatchObject({ code: 2 })
        started.push(...ran().map((name) => `${line}: ${name}`))
        known.add(args[0]!)
      }
      try {
        for (const line of [
          ...[
            'index',
            'sleep --dry-run',
            'sleep',
            'status',
            'status --left-out',
            'doctor',
            'init --print',
            'find price',
          ],
          ...[
            'context Raise_the_price',
            'ask Where_is_the_price? --no-model',
            'ask src/',
            'ledger',
            'receipts',
            'trust',
          ],
          ...['check', 'check --json', 'check --staged', 'check --base HEAD~2', 'check --files src/price.ts'],
          ...[
            'backtest --limit 2',
            `fleet plan ${others}/repos.txt --budget 1M`,
            'backlog add Add_a_CSV_output',
            'backlog',
          ],
          ...['export agents-md', 'export skill', 'export llms-txt', 'export training', 'export jsonl'],
          ...[`export markdown --out ${others}/pages`, `import ${others}/rows.jsonl`, 'mcp --print-config claude'],
          ...['hook status', 'hook uninstall', 'watch status', 'clean --dry-run'],
        ])
          await run(line)
        await run('implement Raise_the_price --effort low --yes', model)
        for (const line of ['undo', 'apply --list', 'apply 1 --dry-run', 'apply 1 --yes', 'undo']) await run(line)
        await run('apply 1 --branch repose/x')
        await run('sleep --only backlog', { ...model, XDG_CONFIG_HOME: others })
        await run('sleep', model)
        for (const line of ['push --remote store', 'pull --remote store']) await run(line)
        await run('ci comment', job)
        const { client } = await connect(root)
        await ask(client, 'prepare_change', { request: 'Raise the price' })
        await ask(client, 'what_changes_with', { paths: ['src/price.ts'] })
        await ask(client, 'show', { looks: ['open src/price.ts', 'search price'] })
        await ask(client, 'find', { text: 'price' })
        expect(started).toEqual([])
        expect(ran()).toEqual([])
        const asks = COMMANDS.map(({ name }) => name).filter((name) => name !== 'completion')
        expect([...known].sort()).toEqual(asks.sort())
      } finally {
        await server.close()
        await forge.close()
      }
    }, 240_000)
  },
)
