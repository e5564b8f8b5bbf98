import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openPrivate } from '../../src/files/private-files.ts'
import { takeProcessLock } from '../../src/processes/process-lock.ts'
import { applyKept } from '../../src/repo/apply-kept.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { listResults } from '../../src/repo/results.ts'
import { undoResult } from '../../src/repo/undo-result.ts'
import { isNotOurs } from '../../src/store/db-copy.ts'
import { openStore } from '../../src/store/open-store.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { read, scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'
import { runHere } from './run-here.ts'

const DIFF = 'diff --git a/new.txt b/new.txt\nnew file mode 100644\n--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+new\n'

describe.skipIf(isWindows)('what came in .git/repose with an archive', () => {
  let root: string
  let folder: string
  let mine: string
  beforeEach(() => {
    root = scratchRepo({ 'a.txt': 'a\n' })
    folder = join(root, '.git/repose')
    mkdirSync(join(folder, 'results'), { recursive: true })
    mine = join(scratchFolder(), 'mine')
    writeFileSync(mine, 'mine')
  })

  test.each(['a pipe', 'a file'])('the folder itself as %s: no command calls it a bug', async (kind) => {
    rmSync(folder, { recursive: true })
    if (kind === 'a pipe') execFileSync('mkfifo', [folder])
    else writeFileSync(folder, '')
    for (const args of [
      ['clean', '--yes'],
      ['watch', 'start'],
      ['index'],
      ['implement', 'Add x', '--dry-run'],
      ['undo'],
    ]) {
      const { stderr } = await runRepose(args, { cwd: root })
      expect(stderr).not.toContain('bug in repose')
    }
  })

  test.each(['store', 'results/x.diff'])(
    '%s deeper than a path can be: no command calls it a bug, and clean removes it',
    async (name) => {
      mkdirSync(join(folder, name), { recursive: true, mode: 0o755 })
      chmodSync(folder, 0o755)
      const deep = 'cd "$1"; i=0; while [ $i -lt 1200 ]; do mkdir aaa; cd -P aaa; i=$((i + 1)); done'
      execFileSync('/bin/sh', ['-c', deep, 'sh', join(folder, name)])
      for (const args of [['status'], ['clean', '--dry-run'], ['clean', '--yes']])
        expect((await runRepose(args, { cwd: root })).stderr).not.toContain('bug in repose')
      expect(existsSync(join(folder, name))).toBe(false)
    },
  )

  test('a folder in the place of clone-id: trust says so', async () => {
    write(root, 'repose.config.json', '{"checks": ["true"]}')
    mkdirSync(join(folder, 'clone-id'))
    const { code, stderr } = await runRepose(['trust'], { cwd: root, env: { XDG_CONFIG_HOME: scratchFolder() } })
    expect([code, stderr]).toEqual([2, expect.stringContaining('clone-id is a folder, and repose keeps a file there')])
  })

  test.each(['results', 'transcripts'])('%s as a link: nothing is written to what it leads to', async (name) => {
    const other = scratchFolder()
    rmSync(join(folder, name), { recursive: true, force: true })
    symlinkSync(other, join(folder, name))
    writeFileSync(mine, DIFF)
    await expect(runHere(root, 'apply', mine, '--yes')).rejects.toThrow(`repose/${name} is a symbolic link`)
    expect(readdirSync(other)).toEqual([])
  })

  test('the folder itself as a link: no command reads, writes or deletes what it leads to', async () => {
    const other = scratchFolder()
    write(other, 'results/x.diff', DIFF)
    write(other, 'transcripts/a.jsonl', '{}')
    rmSync(folder, { recursive: true })
    symlinkSync(other, folder)
    for (const args of [
      ['clean', '--yes'],
      ['apply', 'x', '--yes'],
      ['index'],
      ['undo'],
      ['watch', 'start'],
      ['trust'],
    ])
      await expect(runHere(root, ...args)).rejects.toThrow(/is a symbolic link/)
    expect(readdirSync(other, { recursive: true }).length).toBe(4)
  })

  test.each(['x.json', 'x.json.new'])('results/%s as a link: what it leads to stays', async (name) => {
    write(root, '.git/repose/results/x.diff', DIFF)
    symlinkSync(mine, join(folder, 'results', name))
    const [result] = await listResults(join(root, '.git'))
    expect(await applyKept(root, result!, DIFF, { merge: false })).toMatchObject({ status: 'applied', canUndo: true })
    expect(read(root, 'new.txt')).toBe('new\n')
    expect(readFileSync(mine, 'utf8')).toBe('mine')
    expect((await listResults(join(root, '.git')))[0]!.state).toBe('applied')
  })

  const link = (path: string, to: string) => ({ path, before: before('link', to), after: null })
  const file = (path: string, mode = 0o644) => ({ path, before: before('file', 'evil', mode), after: null })
  const before = (kind: 'file' | 'link', text: string, mode = 0o777) => ({
    ...{ kind, base64: Buffer.from(text).toString('base64'), mode },
  })
  test.each<[string, (other: string) => readonly object[]]>([
    ['a link, and a file below it', (other) => [link('a', other), file('a/evil')]],
    ['a link of links', (other) => [link('a', 'b'), link('b', other), file('a/evil')]],
    ['a link, and a file in new folders below it', (other) => [link('d/a', other), file('d/a/x/evil')]],
    ['a link, and a file of the same path', (other) => [link('a', `${other}/evil`), file('a')]],
    ['a link to the folder above', () => [link('a', '..'), file('a/evil')]],
    ['a link to git\u2019s folder', () => [link('a', '.git'), file('a/hooks/evil')]],
    ['git\u2019s folder in another spelling', () => [file('.git\u200c/hooks/evil')]],
    ['a short name of git\u2019s folder', () => [file('GIT~1/evil')]],
    ['a path with a NUL', () => [file('a\0b')]],
  ])('a record of an applied result that puts back %s: nothing is written or deleted outside', async (_, files) => {
    const other = scratchFolder()
    const folders = [other, join(root, '..'), join(root, '.git/hooks')]
    for (const at of folders) write(at, 'evil', 'mine') // what the record wants to replace
    const state = () => folders.map((at) => readdirSync(at).map((name) => [name, name === 'evil' && read(at, name)]))
    const was = state()
    plant(files(other))
    const [result] = await listResults(join(root, '.git'))
    const end = await undoResult(root, result!).catch((error: Error) => error)
    expect(end).toMatchObject(
      end instanceof Error ? { message: /^some of the files cannot be written/ } : { status: 'changed' },
    )
    expect(state()).toEqual(was)
  })

  test('a record that makes a link deletes nothing of what it leads to', async () => {
    const other = scratchFolder()
    const state = () => [other, root].map((at) => readdirSync(at))
    write(other, 'mine', 'mine')
    symlinkSync(other, join(root, 'b'))
    const was = state()
    for (const files of [
      [link('a', other), file('a/mine')],
      [link('a', other), { path: 'a/mine', before: null, after: null }],
      [{ path: 'b', before: before('link', other), after: null }, file('b/mine')],
      [file('a'), { path: 'b/mine', before: null, after: null }],
    ]) {
      plant(files)
      const [result] = await listResults(join(root, '.git'))
      expect(await undoResult(root, result!)).toMatchObject({ status: 'changed' })
      expect(state()).toEqual(was)
    }
  })

  test('a record gives no program the rights of its owner', async () => {
    plant([file('run', 0o6755)])
    const [result] = await listResults(join(root, '.git'))
    expect(await undoResult(root, result!)).toMatchObject({ status: 'undone' })
    expect(statSync(join(root, 'run')).mode & 0o7777).toBe(0o755)
  })

  function plant(files: readonly object[]): void {
    write(root, '.git/repose/results/x.diff', DIFF)
    const record = { run: null, request: null, state: 'applied', root, appliedAt: 1, files }
    write(root, '.git/repose/results/x.json', JSON.stringify(record))
  }

  test.each(['repose.db', 'repose.db.past'])('%s as a link to nothing makes no file there', (name) => {
    const there = join(scratchFolder(), '.zshenv')
    symlinkSync(there, join(folder, name))
    expect(() => openStore(join(folder, name))).toThrow(/is not a regular file/)
    expect(existsSync(there)).toBe(false)
  })

  test.each(['', '-wal', '-shm', '-journal', '.past'])('a pipe as repose.db%s is not waited for', async (end) => {
    execFileSync('mkfifo', [join(folder, `repose.db${end}`)])
    const path = join(folder, end === '.past' ? 'repose.db.past' : 'repose.db')
    expect(() => openStore(path)).toThrow(/is not a regular file/)
    await expect(isNotOurs(path)).rejects.toThrow(/is not a regular file/)
  })

  test('a folder in the place of a lock is replaced', () => {
    mkdirSync(join(folder, 'lock/in'), { recursive: true })
    expect(takeProcessLock(join(folder, 'lock'), (work) => work())).toHaveProperty('release')
  })

  test.each([
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a link', (path: string) => symlinkSync(mine, path)],
    ['a folder', (path: string) => mkdirSync(path)],
  ])('the log of the daemon as %s: nothing is written, and the error says what to do', async (_, make) => {
    make(join(folder, 'repose.db.watch.log'))
    expect(() => openPrivate(join(folder, 'repose.db.watch.log'), 'append')).toThrow(/is not a regular file/)
    await expect(runHere(root, 'watch', 'start')).rejects.toThrow(/is not a regular file/)
    expect(readFileSync(mine, 'utf8')).toBe('mine')
  })

  test('a lock that names a program of the user and not its start: watch stop does not end it', async () => {
    const program = spawn('sleep', ['60'], { stdio: 'ignore' })
    try {
      writeFileSync(join(folder, 'repose.db.watch.lock'), JSON.stringify({ pid: program.pid, startedAt: null }))
      await expect(runHere(root, 'watch', 'stop')).rejects.toThrow(/may be any program/)
      expect(program.exitCode ?? program.signalCode).toBe(null)
    } finally {
      program.kill()
    }
  })
})

describe.skipIf(isWindows)('a git folder whose settings name another working tree', () => {
  const home = () => {
    const folder = scratchFolder()
    write(folder, '.bashrc', 'mine')
    return folder
  }
  const names = (root: string, tree: string) => sh(root, 'config', 'core.worktree', tree)
  test.each<[string, (root: string) => string]>([
    ['a folder of the user', home],
    [
      'a folder that is called by a link',
      (root) => {
        symlinkSync(home(), join(root, 'in'))
        return '../in'
      },
    ],
    ['the top of the machine', () => '/'],
    ['the folder above', () => '../..'],
    ['a folder of the repository', () => '../src'],
    ['another repository', () => scratchRepo({ 'b.txt': 'b\n' })],
  ])('is not opened: %s', async (_, tree) => {
    const root = scratchRepo({ 'src/a.txt': 'a\n' })
    const named = tree(root)
    names(root, named)
    const top = sh(root, 'rev-parse', '--show-toplevel').trim()
    const record = {
      ...{ run: 7, request: 'Add a flag', state: 'applied', root: top, appliedAt: 1 },
      files: [{ path: 'written', before: { kind: 'file', base64: 'eA==', mode: 0o644 }, after: null }],
    }
    write(root, '.git/repose/results/x.diff', DIFF)
    if (top !== '/') write(root, '.git/repose/results/x.json', JSON.stringify(record))
    for (const args of [['undo'], ['apply', 'x', '--yes'], ['index'], ['init'], ['hook', 'install'], ['status']])
      await expect(runHere(root, ...args)).rejects.toThrow(/says that its working tree is .* \(core\.worktree\)/)
    expect(existsSync(join(top, 'written'))).toBe(false)
    expect(existsSync(join(top, 'new.txt'))).toBe(false)
  })

  test('is not opened without a commit, either', async () => {
    const root = scratchFolder()
    sh(root, 'init', '-q')
    names(root, home())
    await expect(runHere(root, 'hook', 'install')).rejects.toThrow(/core\.worktree/)
  })

  test('is opened where a .git of that tree leads back', async () => {
    const [library, outer] = [scratchRepo({ 'a.txt': 'a\n' }), scratchRepo({ 'b.txt': 'b\n' })]
    sh(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'sub')
    const linked = join(scratchFolder(), 'linked')
    sh(join(outer, 'sub'), 'worktree', 'add', '-q', linked)
    const apart = join(scratchFolder(), 'apart')
    sh(scratchFolder(), 'clone', '-q', '--separate-git-dir', join(scratchFolder(), 'apart.git'), library, apart)
    const aside = scratchRepo({ 'a.txt': 'a\n' })
    renameSync(join(aside, '.git'), join(aside, 'git'))
    symlinkSync('git', join(aside, '.git'))
    names(library, library)
    for (const root of [join(outer, 'sub'), linked, apart, aside, library]) {
      expect((await openRepo(root)).root).toBe(root)
      expect((await runHere(root, 'undo')).said).toMatch(/no applied result/)
    }
  })
})
