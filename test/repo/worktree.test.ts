import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { UserError } from '../../src/errors.ts'
import type { Holder } from '../../src/processes/process-lock.ts'
import { applyToTree } from '../../src/repo/apply-result.ts'
import { GitError, git } from '../../src/repo/git.ts'
import { removeWorktree } from '../../src/repo/remove-worktree.ts'
import { type AgentWorktree, openWorktree, sweepWorktrees } from '../../src/repo/worktree.ts'
import { isWindows, modeHere, pathHere, removeFolder } from '../helpers/platform.ts'
import { read, scratchFolder, scratchRepo, sh, userState, write } from './scratch-repo.ts'

const open: AgentWorktree[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function enter(root: string): Promise<AgentWorktree> {
  const worktree = await openWorktree(root)
  open.push(worktree)
  return worktree
}

describe('what the agent sees', () => {
  test('a clean repository gives the files of HEAD, with HEAD as the base', async () => {
    const root = scratchRepo({ 'src/a.ts': 'a\n', 'run.sh': 'echo\n' })
    const worktree = await enter(root)
    expect(read(worktree.root, 'src/a.ts')).toBe('a\n')
    expect(worktree.base).toBe(worktree.head)
    expect(worktree.head).toBe(sh(root, 'rev-parse', 'HEAD').trim())
    expect(await worktree.diff()).toBe('')
    expect(await worktree.changes()).toEqual({ modified: [], created: [], deleted: [] })
  })

  test.skipIf(isWindows).each(['settings.git', 'index', 'own-', 'owner.json', 'owner.new'])(
    'a repository called %s gets none of our own files, which links of it would lead elsewhere',
    async (name) => {
      const outside = join(scratchFolder(), 'bashrc')
      writeFileSync(outside, 'alias\n')
      const root = join(scratchFolder(), name)
      renameSync(scratchRepo({ 'a.txt': 'a\n' }), root)
      for (const link of ['config', 'HEAD', 'index', 'owner.json']) symlinkSync(outside, join(root, link))
      sh(root, 'add', '-A')
      sh(root, 'commit', '--quiet', '-m', 'links')
      const worktree = await enter(root)
      write(worktree.root, 'b.txt', 'b\n')
      expect(await worktree.changes()).toEqual({ modified: [], created: ['b.txt'], deleted: [] })
      expect(await worktree.diff()).toContain('b.txt')
      expect(readFileSync(outside, 'utf8')).toBe('alias\n')
    },
  )

  test.skipIf(isWindows)('settings of an archive that lead its worktrees elsewhere end the run', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const outside = scratchFolder()
    write(outside, 'private', 'x\n')
    sh(root, 'config', 'extensions.worktreeConfig', 'true')
    sh(root, 'config', 'core.worktree', '../S')
    symlinkSync('.', join(root, 'S'))
    write(root, '.git/info/exclude', 'S\n')
    mkdirSync(join(root, '.git/worktrees'))
    symlinkSync(outside, join(root, '.git/worktrees/S'))
    await expect(openWorktree(root)).rejects.toThrow(/takes .* for the working tree of a new worktree/)
    expect(read(outside, 'private')).toBe('x\n')
  })

  test('a past commit gives its files alone: nothing of what the user has now', async () => {
    const root = scratchRepo({ 'a.txt': 'then\n', '.gitignore': 'node_modules/\n' })
    const past = sh(root, 'rev-parse', 'HEAD').trim()
    write(root, 'a.txt', 'now\n')
    write(root, 'b.txt', 'new\n')
    sh(root, 'add', '-A')
    sh(root, 'commit', '-q', '-m', 'second')
    write(root, 'a.txt', 'edited\n')
    write(root, 'node_modules/x/index.js', 'x\n')
    const worktree = await openWorktree(root, { at: 'HEAD~1' })
    open.push(worktree)
    expect([worktree.head, worktree.base]).toEqual([past, past])
    expect(readdirSync(worktree.root).sort()).toEqual(['.git', '.gitignore', 'a.txt'])
    expect(read(worktree.root, 'a.txt')).toBe('then\n')
    write(worktree.root, 'a.txt', 'agent\n')
    expect(await worktree.changes()).toEqual({ modified: ['a.txt'], created: [], deleted: [] })
    await expect(openWorktree(root, { at: 'nowhere' })).rejects.toThrow(UserError)
    expect(sh(root, 'worktree', 'list').trim().split('\n')).toHaveLength(2)
  })

  test('uncommitted edits of every kind are carried over, and the user keeps each of them as it was', async () => {
    const root = scratchRepo({
      '.gitignore': 'secret.txt\nbuild/\n',
      'edited.txt': 'old\n',
      'staged.txt': 'old\n',
      'both.txt': 'old\n',
      'gone.txt': 'old\n',
      'gone-staged.txt': 'old\n',
      'untracked-now.txt': 'old\n',
      'mode.sh': 'echo\n',
      'was-file': 'old\n',
      'was-folder/x.txt': 'old\n',
      'becomes-link/y.txt': 'old\n',
      'moved.txt': 'a long enough text to be seen as moved\n',
    })
    write(root, 'edited.txt', 'new\n')
    write(root, 'staged.txt', 'new\n')
    sh(root, 'add', 'staged.txt')
    write(root, 'both.txt', 'staged\n')
    sh(root, 'add', 'both.txt')
    write(root, 'both.txt', 'seen\n')
    unlinkSync(join(root, 'gone.txt'))
    sh(root, 'rm', '-q', 'gone-staged.txt')
    sh(root, 'rm', '-q', '--cached', 'untracked-now.txt')
    chmodSync(join(root, 'mode.sh'), 0o755)
    unlinkSync(join(root, 'was-file'))
    write(root, 'was-file/inside.txt', 'new\n')
    rmSync(join(root, 'was-folder'), { recursive: true })
    write(root, 'was-folder', 'now a file\n')
    rmSync(join(root, 'becomes-link'), { recursive: true })
    mkdirSync(join(root, 'target'))
    write(root, 'target/y.txt', 'through the link\n')
    if (!isWindows) symlinkSync('target', join(root, 'becomes-link')) // Windows wants a privilege for it
    sh(root, 'mv', 'moved.txt', 'moved-here.txt')
    const odd = pathHere('new/ü "quoted" \n line.txt')
    write(root, odd, 'new\n')
    sh(root, 'add', '-N', '--', 'new')
    write(root, 'secret.txt', 'ignored\n')
    write(root, 'build/out.js', 'ignored\n')
    const before = userState(root)

    const worktree = await enter(root)
    const seen = worktree.root
    for (const [path, text] of [
      ['edited.txt', 'new\n'],
      ['staged.txt', 'new\n'],
      ['both.txt', 'seen\n'],
      ['untracked-now.txt', 'old\n'],
      ['was-file/inside.txt', 'new\n'],
      ['was-folder', 'now a file\n'],
      ...(isWindows ? [] : [['becomes-link/y.txt', 'through the link\n'] as const]),
      ['moved-here.txt', 'a long enough text to be seen as moved\n'],
      [odd, 'new\n'],
    ] as const) {
      expect(read(seen, path), path).toBe(text)
    }
    if (!isWindows) expect(readlinkSync(join(seen, 'becomes-link'))).toBe('target')
    expect(statSync(join(seen, 'mode.sh')).mode & 0o111).toBe(modeHere(0o755) & 0o111)
    for (const path of ['gone.txt', 'gone-staged.txt', 'moved.txt', 'secret.txt', 'build']) {
      expect(existsSync(join(seen, path)), path).toBe(false)
    }
    expect(worktree.base).not.toBe(worktree.head)
    expect(sh(seen, 'log', '-1', '--format=%an %cn %P', worktree.base).trim()).toBe(`repose repose ${worktree.head}`)
    expect(await worktree.diff()).toBe('')

    write(seen, 'edited.txt', 'by the agent\n')
    expect(await worktree.changes()).toEqual({ modified: ['edited.txt'], created: [], deleted: [] })
    await worktree.close()
    expect(userState(root)).toEqual(before)
    expect(existsSync(dirname(seen))).toBe(false)
  })

  test('files in conflict are taken as they stand in the working tree', async () => {
    const root = scratchRepo({ 'a.txt': 'one\n' })
    sh(root, 'checkout', '-q', '-b', 'other')
    write(root, 'a.txt', 'theirs\n')
    sh(root, 'commit', '-qam', 'theirs')
    sh(root, 'checkout', '-q', 'main')
    write(root, 'a.txt', 'ours\n')
    sh(root, 'commit', '-qam', 'ours')
    expect(() => sh(root, 'merge', 'other')).toThrow()
    const before = userState(root)
    const worktree = await enter(root)
    expect(read(worktree.root, 'a.txt')).toBe(read(root, 'a.txt'))
    expect(read(worktree.root, 'a.txt')).toContain('<<<<<<<')
    await worktree.close()
    expect(userState(root)).toEqual(before)
  })

  test('an untracked repository inside, even an empty one, is left out', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    mkdirSync(join(root, 'inner'))
    sh(join(root, 'inner'), 'init', '-q')
    write(root, 'b.txt', 'b\n')
    const worktree = await enter(root)
    expect(readdirSync(worktree.root).sort()).toEqual(['.git', 'a.txt', 'b.txt'])
  })

  test('a submodule is left alone: an empty folder that never shows as a change', async () => {
    const library = scratchRepo({ 'lib.txt': 'lib\n' })
    const root = scratchRepo({ 'a.txt': 'a\n' })
    sh(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'sub')
    sh(root, 'commit', '-qm', 'submodule')
    write(root, 'sub/lib.txt', 'edited in the submodule\n')
    const worktree = await enter(root)
    expect(readdirSync(join(worktree.root, 'sub'))).toEqual([])
    expect(await worktree.diff()).toBe('')
    if (!isWindows) {
      const start = await worktree.snapshot()
      mkdirSync(join(worktree.root, 'sub/.git/objects'), { recursive: true }) // by a check, with a pipe that git would wait for
      mkdirSync(join(worktree.root, 'sub/.git/refs'))
      execFileSync('mkfifo', [join(worktree.root, 'sub/.git/HEAD')])
      await worktree.restore(start)
      expect(existsSync(join(worktree.root, 'sub/.git'))).toBe(false)
    }
    await worktree.close()
    expect(existsSync(worktree.root)).toBe(false)
    expect(read(root, 'sub/lib.txt')).toBe('edited in the submodule\n')
  })

  test('it works from a linked worktree of the user', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const linked = join(scratchFolder(), 'linked')
    sh(root, 'worktree', 'add', '-q', linked)
    write(linked, 'a.txt', 'edited in the linked one\n')
    const worktree = await enter(linked)
    expect(read(worktree.root, 'a.txt')).toBe('edited in the linked one\n')
    await worktree.close()
    expect(sh(root, 'worktree', 'list').trim().split('\n')).toHaveLength(2)
  })

  test('hooks of the user do not run, and nothing is signed', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const marks = scratchFolder()
    for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction', 'pre-commit', 'post-commit']) {
      write(root, `.git/hooks/${hook}`, `#!/bin/sh\ntouch '${marks}/${hook}'\n`)
      chmodSync(join(root, '.git/hooks', hook), 0o755)
    }
    sh(root, 'config', 'commit.gpgSign', 'true')
    sh(root, 'config', 'gpg.program', '/nonexistent')
    write(root, 'a.txt', 'edited\n')
    const worktree = await enter(root)
    write(worktree.root, 'a.txt', 'more\n')
    expect(await worktree.diff()).toContain('+more')
    await worktree.close()
    expect(readdirSync(marks)).toEqual([])
  })
})

describe('what the agent changed', () => {
  test('the diff holds edits, new files, deletions, modes, binary content and links, and applies to the user tree', async () => {
    const root = scratchRepo({
      'edit.txt': 'one\ntwo\n',
      'gone.txt': 'gone\n',
      'mode.sh': 'echo\n',
      'crlf.txt': 'a\r\nb\r\n',
      'no-end.txt': 'no end',
      'latin1.txt': Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]),
      'pixel.bin': Buffer.from([0, 1, 2, 255]),
    })
    const odd = pathHere('src/né w "x".txt')
    write(root, 'edit.txt', 'one\ntwo\nthree by the user\n')
    const worktree = await enter(root)
    write(worktree.root, 'edit.txt', 'ONE\ntwo\nthree by the user\n')
    unlinkSync(join(worktree.root, 'gone.txt'))
    chmodSync(join(worktree.root, 'mode.sh'), 0o755)
    write(worktree.root, 'crlf.txt', 'a\r\nB\r\n')
    write(worktree.root, 'no-end.txt', 'still no end')
    write(worktree.root, 'latin1.txt', Buffer.from([0x63, 0xe0, 0x66, 0xe9, 0x0a]))
    write(worktree.root, 'pixel.bin', Buffer.from([0, 9, 9, 255]))
    write(worktree.root, odd, 'new\n')
    if (!isWindows) symlinkSync('edit.txt', join(worktree.root, 'link'))

    const diff = await worktree.diff()
    expect(diff).not.toContain('three by the user\n+')
    expect(diff).not.toContain('�')
    expect(await worktree.changes()).toEqual({
      modified: ['crlf.txt', 'edit.txt', 'latin1.txt', ...(isWindows ? [] : ['mode.sh']), 'no-end.txt', 'pixel.bin'],
      created: [...(isWindows ? [] : ['link']), odd],
      deleted: ['gone.txt'],
    })
    writeFileSync(join(dirname(root), 'x.diff'), diff)
    sh(root, 'apply', '../x.diff')
    for (const path of ['edit.txt', 'crlf.txt', 'no-end.txt', 'latin1.txt', 'pixel.bin', odd]) {
      expect(readFileSync(join(root, path)).equals(readFileSync(join(worktree.root, path))), path).toBe(true)
    }
    expect(existsSync(join(root, 'gone.txt'))).toBe(false)
    expect(statSync(join(root, 'mode.sh')).mode & 0o111).toBe(modeHere(0o755) & 0o111)
    if (!isWindows) expect(readlinkSync(join(root, 'link'))).toBe('edit.txt')
  })

  test('a file to which the attributes give another encoding is stored as the UTF-8 that the agent wrote', async () => {
    const root = scratchRepo({
      '.gitattributes': 'new.* working-tree-encoding=UTF-16\nodd.* working-tree-encoding=NONE\n*.crlf text eol=crlf\n',
    })
    const worktree = await enter(root)
    for (const [path, text] of Object.entries({ 'new.txt': 'ä\n', 'odd.txt': 'b\n', 'c.crlf': 'c\r\n' }))
      write(worktree.root, path, text)
    const diff = await worktree.diff()
    expect(diff.match(/^\+[^+].*/gm)).toEqual(['+c', '+ä', '+b'])
    expect((await applyToTree(root, diff)).status).toBe('applied')
    expect(readFileSync(join(root, 'new.txt'), 'utf8')).not.toBe('ä\n') // git has encoded it
  })

  test("the user's diff settings do not change the diff", async () => {
    const root = scratchRepo({ 'a.txt': 'a\n', 'b.txt': 'the same text, long enough to be found as moved\n' })
    for (const [name, value] of Object.entries({
      'diff.noprefix': 'true',
      'diff.mnemonicPrefix': 'true',
      'diff.external': 'false',
      'color.ui': 'always',
      'diff.renames': 'copies',
      'diff.context': '0',
    })) {
      sh(root, 'config', name, value)
    }
    write(root, '.git/info/attributes', '* -diff\n')
    const worktree = await enter(root)
    write(worktree.root, 'a.txt', 'b\n')
    renameSync(join(worktree.root, 'b.txt'), join(worktree.root, 'c.txt'))
    const diff = await worktree.diff()
    expect(diff).toContain('diff --git a/a.txt b/a.txt\n')
    expect(diff).toContain('+b\n')
    expect(diff).toContain('deleted file mode')
    expect(diff).not.toContain('\x1b')
  })

  test('an edit of the same size in the same instant is seen', async () => {
    const root = scratchRepo({ 'a.txt': '0\n' })
    const worktree = await enter(root)
    for (let i = 1; i < 10; i++) {
      write(worktree.root, 'a.txt', `${i}\n`)
      expect(await worktree.diff()).toContain(`+${i}\n`)
    }
    write(worktree.root, 'a.txt', '0\n')
    expect(await worktree.diff()).toBe('')
  })

  test('restoring sees a change that hides itself: of the same size, with the old time, where git is told to trust those', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    for (const [key, value] of [
      ['core.trustctime', 'false'],
      ['core.checkStat', 'minimal'],
    ])
      sh(root, 'config', key!, value!)
    const worktree = await enter(root)
    const writeLongAgo = (text: string) => {
      write(worktree.root, 'a.txt', text)
      utimesSync(join(worktree.root, 'a.txt'), 1e9, 1e9)
    }
    writeLongAgo('by the agent\n')
    const edited = await worktree.snapshot()
    writeLongAgo('BY THE AGENT\n')
    await worktree.restore(edited)
    expect(read(worktree.root, 'a.txt')).toBe('by the agent\n')
  })

  test('restoring touches no file of the user through a link in the place of a folder', async () => {
    const root = scratchRepo({ 'src/a.txt': 'a\n', 'lib/b.txt': 'b\n' })
    const worktree = await enter(root)
    const edited = await worktree.snapshot()
    write(root, 'src/a.txt', 'by the user, just now\n')
    rmSync(join(worktree.root, 'src'), { recursive: true })
    symlinkSync(join(root, 'src'), join(worktree.root, 'src'), 'junction')
    rmSync(join(worktree.root, 'lib'), { recursive: true })
    write(worktree.root, 'lib', 'a file in the place of a folder\n')
    await worktree.restore(edited)
    expect(read(root, 'src/a.txt')).toBe('by the user, just now\n')
    expect([read(worktree.root, 'src/a.txt'), read(worktree.root, 'lib/b.txt')]).toEqual(['a\n', 'b\n'])
    expect(lstatSync(join(worktree.root, 'src')).isSymbolicLink()).toBe(false)
  })

  test.each([
    ['ignores everything', { 'src/.gitignore': '*\n' }],
    ['ignores everything, on top', { '.gitignore': '*\n' }],
    [
      'gives files another encoding',
      { 'src/.gitignore': '.git*\n', 'src/.gitattributes': '* working-tree-encoding=UTF-16LE\n' },
    ],
    ['gives files other line ends', { '.gitignore': '.git*\n', '.gitattributes': '* text eol=crlf\n' }],
    [
      'makes a new folder a repository of its own',
      { 'lib/.git/HEAD': 'ref: refs/heads/x\n', 'lib/.git/refs/x': '', 'lib/.git/objects/x': '' },
    ],
    ['makes a new folder a worktree of another one', { 'lib/.git': 'gitdir: ../src\n' }],
  ])('what a check leaves that git %s does not change what the agent made', async (_, left) => {
    const root = scratchRepo({ 'src/a.txt': 'a\n' })
    const { root: at, snapshot, restore, diff, changes } = await enter(root)
    for (const path of ['src/new.txt', 'lib/new.txt']) write(at, path, 'by the agent\n')
    const edited = await snapshot()
    const before = await diff(edited)
    for (const [path, text] of Object.entries(left)) write(at, path, text)
    write(at, 'src/a.txt', 'by a check\n')
    await restore(edited)
    expect(await diff()).toBe(before)
    expect(read(at, 'src/a.txt')).toBe('a\n')
    write(at, 'src/more.txt', 'by the agent\n')
    expect((await changes()).created).toEqual(['lib/new.txt', 'src/more.txt', 'src/new.txt'])
  })

  test
    .skipIf(isWindows)
    .each([
      'src/.gitattributes',
      '.gitattributes',
      '.gitignore',
      '.gitmodules',
      'made/.gitignore',
      'made/in/.gitattributes',
    ])(
    'a pipe that a check leaves as %s holds nothing up',
    async (path) => {
      const root = scratchRepo({ 'src/a.txt': 'a\n' })
      const short: typeof git = (where, args, options) =>
        git(where, args, { ...options, ...(options?.timeoutMs !== undefined && { timeoutMs: 1000 }) })
      const worktree = await openWorktree(root, { git: short })
      open.push(worktree)
      const edited = await worktree.snapshot()
      write(worktree.root, 'made/in/x', '')
      execFileSync('mkfifo', [join(worktree.root, path)])
      write(worktree.root, 'src/a.txt', 'by a check\n')
      await worktree.restore(edited)
      expect([read(worktree.root, 'src/a.txt'), await worktree.diff()]).toEqual(['a\n', ''])
    },
    15_000,
  )

  test.skipIf(isWindows).each([
    ['a pipe as its HEAD', 'mkfifo HEAD'],
    ['a ref without end', 'echo ref: refs/heads/x > HEAD && mkdir refs/heads && ln -s /dev/zero refs/heads/x'],
  ])('a repository that a check leaves does not block a restore: %s', async (_, command) => {
    const root = scratchRepo({ 'src/a.txt': 'a\n' })
    const short: typeof git = (where, args, options) =>
      git(where, args, { ...options, ...(options?.timeoutMs && { timeoutMs: 1000, mostMemory: 100_000_000 }) })
    const worktree = await openWorktree(root, { git: short })
    open.push(worktree)
    const edited = await worktree.snapshot()
    mkdirSync(join(worktree.root, 'made/.git/objects'), { recursive: true })
    mkdirSync(join(worktree.root, 'made/.git/refs'))
    execFileSync('sh', ['-c', command], { cwd: join(worktree.root, 'made/.git') })
    write(worktree.root, 'src/a.txt', 'by a check\n')
    await worktree.restore(edited)
    expect([read(worktree.root, 'src/a.txt'), await worktree.diff()]).toEqual(['a\n', ''])
    expect(existsSync(join(worktree.root, 'made'))).toBe(false)
  })

  test.skipIf(isWindows).each([
    ['a file', 'echo > "$n"'],
    ['an ignored folder', 'mkdir -p "build/$n" && echo > "build/$n/$n" && chmod 0 "build/$n"'],
    ['folders that may not be entered', 'mkdir -p "src/$n/$n" && chmod 0 "src/$n/$n" "src/$n"'],
    ['a pipe that git waits for', 'mkdir "$n" && echo > "$n/x" && mkfifo "$n/.gitignore"'],
    [
      'folders too deep for a path',
      `perl -e 'for (1..700) { mkdir "deepdeep\\xff" and chdir "deepdeep\\xff" or die $! }'`,
    ],
    ['another content of a file of the repository', 'echo more >> "$n.txt"'],
  ])(
    'what a check leaves under a name that is not UTF-8 is removed: %s',
    async (_, command) => {
      const inShell = (cwd: string, text: string) =>
        execFileSync('sh', ['-c', `n=$(printf 'a\\377')\n${text}`], { cwd })
      const root = scratchRepo({ '.gitignore': 'build\n', 'src/a.txt': 'a\n' })
      inShell(root, 'echo kept > "$n.txt" && git add . && git commit -qm odd')
      const short: typeof git = (where, args, options) =>
        git(where, args, { ...options, ...(options?.timeoutMs !== undefined && { timeoutMs: 1000 }) })
      const worktree = await openWorktree(root, { git: short })
      write(worktree.root, 'src/a.txt', 'by the agent\n')
      const edited = await worktree.snapshot()
      inShell(worktree.root, command)
      await worktree.restore(edited)
      expect(sh(worktree.root, 'status', '--porcelain')).toBe(' M src/a.txt\n')
      expect(await worktree.diff()).toBe(await worktree.diff(edited))
      await worktree.close()
      expect(existsSync(dirname(worktree.root))).toBe(false)
    },
    15_000,
  )

  test('restoring puts back what was changed, deleted, made and replaced since; links and ignored files stay', async () => {
    const root = scratchRepo({
      '.gitignore': 'cache/\n',
      'package.json': '{}\n',
      'a.txt': 'a\n',
      'b.txt': 'b\n',
      'src/c.txt': 'c\n',
      'run.sh': 'echo\n',
    })
    write(root, 'node_modules/x/index.js', 'x\n')
    write(root, 'a [b]/package.json', '{}\n')
    write(root, 'a [b]/node_modules/x/index.js', 'x\n')
    const worktree = await enter(root)
    const at = worktree.root
    write(at, 'a.txt', 'by the agent\n')
    write(at, 'new.txt', 'by the agent\n')
    const edited = await worktree.snapshot()

    write(at, 'a.txt', 'BY THE AGENT\n')
    unlinkSync(join(at, 'new.txt'))
    write(at, 'new.txt/inside', 'by a check\n')
    unlinkSync(join(at, 'b.txt'))
    rmSync(join(at, 'src'), { recursive: true })
    symlinkSync(root, join(at, 'src'), 'junction')
    chmodSync(join(at, 'run.sh'), 0o755)
    write(at, '.gitignore', 'build/\n')
    write(at, 'build/out.js', 'by a check\n')
    write(at, 'cache/x', 'by a check\n')
    sh(at, 'init', '-q', 'inner')
    expect((await worktree.changes()).modified).toContain('.gitignore')

    await worktree.restore(edited)
    expect(await worktree.changes()).toEqual({ modified: ['a.txt'], created: ['new.txt'], deleted: [] })
    expect(await worktree.diff()).toBe(await worktree.diff(edited))
    expect([read(at, 'a.txt'), read(at, 'new.txt'), read(at, 'b.txt')]).toEqual([
      'by the agent\n',
      'by the agent\n',
      'b\n',
    ])
    expect([existsSync(join(at, 'build')), existsSync(join(at, 'inner'))]).toEqual([false, false])
    expect(read(at, 'cache/x')).toBe('by a check\n')
    for (const link of ['node_modules', 'a [b]/node_modules'])
      expect(lstatSync(join(at, link)).isSymbolicLink(), link).toBe(true)
    expect(read(root, 'src/c.txt')).toBe('c\n')
  })

  test('what a check stages or commits in the worktree neither hides nor adds changes', async () => {
    const root = scratchRepo({ 'package.json': '{}\n', 'a.txt': 'a\n' })
    write(root, 'node_modules/x/index.js', 'x\n')
    const worktree = await enter(root)
    write(worktree.root, 'a.txt', 'b\n')
    sh(worktree.root, 'add', '-A')
    sh(worktree.root, 'commit', '-qm', 'by a check')
    expect(await worktree.changes()).toEqual({ modified: ['a.txt'], created: [], deleted: [] })
  })
})

describe('dependency folders', () => {
  test('those beside manifests are linked and never show in the diff, ignored or not', async () => {
    const root = scratchRepo({
      '.gitignore': 'node_modules/\n.venv\nvendor/bundle\n',
      'package.json': '{}\n',
      'packages/a b/package.json': '{}\n',
      'packages/none/package.json': '{}\n',
      'service/pyproject.toml': '\n',
      Gemfile: '\n',
      'venv/kept.py': 'tracked, although named so\n',
    })
    for (const path of [
      'node_modules/x/i.js',
      'packages/a b/node_modules/y/i.js',
      'service/.venv/z',
      'vendor/bundle/g',
    ]) {
      write(root, path, 'installed\n')
    }
    const before = userState(root)
    const worktree = await enter(root)
    for (const path of ['node_modules', 'packages/a b/node_modules', 'service/.venv', 'vendor/bundle']) {
      expect(lstatSync(join(worktree.root, path)).isSymbolicLink(), path).toBe(true)
      expect(realpathSync.native(join(worktree.root, path))).toBe(join(root, path))
    }
    expect(lstatSync(join(worktree.root, 'venv')).isDirectory()).toBe(true)
    expect(existsSync(join(worktree.root, 'packages/none/node_modules'))).toBe(false)
    expect(await worktree.diff()).toBe('')
    await worktree.close()
    expect(read(root, 'node_modules/x/i.js')).toBe('installed\n')
    expect(userState(root)).toEqual(before)
  })

  test('node_modules that nobody ignored is linked, not copied into the base', async () => {
    const root = scratchRepo({ 'package.json': '{}\n' })
    write(root, 'node_modules/x/index.js', 'x\n')
    const worktree = await enter(root)
    expect(lstatSync(join(worktree.root, 'node_modules')).isSymbolicLink()).toBe(true)
    expect(worktree.base).toBe(worktree.head)
    expect(await worktree.changes()).toEqual({ modified: [], created: [], deleted: [] })
  })
})

describe.skipIf(isWindows)('a repository that has the name of a file of ours', () => {
  test.each(['settings.git', 'index', 'owner.json', 'owner.new', 'own-abcdef', 'OWNER.JSON'])(
    '%s gets a worktree, and its links are not written through',
    async (name) => {
      const outside = scratchFolder()
      write(outside, 'mine', 'mine')
      const root = scratchRepo({ 'a.txt': 'a\n' }, name)
      for (const link of ['config', 'HEAD', 'index', 'refs']) symlinkSync(join(outside, 'mine'), join(root, link))
      const worktree = await enter(root)
      write(worktree.root, 'a.txt', 'agent\n')
      const diff = await worktree.diff()
      expect(await applyToTree(root, diff)).toMatchObject({ status: 'applied', files: ['a.txt'] })
      expect(await worktree.close()).toBe(true)
      expect(readdirSync(outside).map((file) => read(outside, file))).toEqual(['mine'])
    },
  )
})

describe('the end of a worktree', () => {
  test('closing twice is safe, also when somebody removed the folder', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const worktree = await openWorktree(root)
    rmSync(dirname(worktree.root), { recursive: true })
    await worktree.close()
    await worktree.close()
    expect(sh(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
    expect(readdirSync(join(root, '.git')).includes('worktrees')).toBe(false)
  })

  test.skipIf(isWindows)('what a check leaves in a new folder does not hide a file that is created there', async () => {
    const worktree = await openWorktree(scratchRepo({ 'a.ts': 'a\n', 'src/b.ts': 'b\n', '.gitignore': 'cache\n' }))
    try {
      mkdirSync(join(worktree.root, 'new'))
      symlinkSync('../a.ts', join(worktree.root, 'new/.gitignore'))
      const before = await worktree.snapshot()
      write(worktree.root, 'x/.gitignore', '*\n')
      write(worktree.root, 'src/cache', 'of a check\n')
      mkdirSync(join(worktree.root, 'x/y'))
      execFileSync('mkfifo', [join(worktree.root, 'x/y/.gitignore')])
      await worktree.restore(before)
      expect(existsSync(join(worktree.root, 'x/y/.gitignore'))).toBe(true)
      const strange = [
        '../x/c.ts',
        'a/../../x/c.ts',
        '/x/c.ts',
        `${'x'.repeat(300)}/c.ts`,
        'x/\0/c.ts',
        `${'x/'.repeat(3000)}c`,
      ]
      for (const path of strange) await worktree.taken([path])
      expect(await worktree.taken(['x/y/c.ts', 'src/d.ts'])).toEqual([])
      expect(existsSync(join(worktree.root, 'src/cache'))).toBe(true)
      write(worktree.root, 'x/y/c.ts', 'c\n')
      expect((await worktree.changes()).created).toEqual(['new/.gitignore', 'x/y/c.ts'])
      write(worktree.root, 'x/z/.gitignore', '*\n')
      await worktree.taken(['x/z/d.ts', 'new/e.ts'])
      write(worktree.root, 'x/z/d.ts', 'd\n')
      expect((await worktree.changes()).created).toEqual(['new/.gitignore', 'x/y/c.ts', 'x/z/d.ts'])
      expect(lstatSync(join(worktree.root, 'new/.gitignore')).isSymbolicLink()).toBe(true)
    } finally {
      await worktree.close()
    }
  })

  test('files have the bytes that git stores: no filter runs in it, and rules that a check leaves change nothing', async () => {
    const root = scratchRepo({ 'a.dat': 'stored\n', '.gitattributes': '*.dat filter=one\n' })
    const ran = join(scratchFolder(), 'ran')
    for (const step of ['clean', 'smudge', 'process'])
      sh(root, 'config', `filter.one.${step}`, `sh -c 'echo ${step} >>"${ran}"; cat'`)
    sh(root, 'config', 'filter.one.required', 'true')
    write(root, '.git/info/attributes', '*.nb filter=one\n*.wt filter=two\n')
    write(root, '.git/of-worktrees', `[filter "two"]\n\tclean = "sh -c 'echo two >>\\"${ran}\\"; cat'"\n`)
    sh(root, 'config', 'includeIf.gitdir:**/.git/worktrees/**.path', 'of-worktrees')
    const worktree = await openWorktree(root)
    try {
      rmSync(ran, { force: true }) // in the tree of the user it may run
      write(worktree.root, 'a.dat', 'edited\n')
      write(worktree.root, 'b.nb', 'new\n')
      write(worktree.root, 'c.wt', 'new\n')
      const before = await worktree.snapshot()
      write(worktree.root, 'a.dat', 'of a check\n')
      await worktree.restore(before)
      expect(read(worktree.root, 'a.dat')).toBe('edited\n')
      write(worktree.root, 'x/.gitignore', '*\n!c.ts\n')
      write(worktree.root, 'x/.gitattributes', '* working-tree-encoding=UTF-7\n')
      await worktree.restore(before)
      write(worktree.root, 'x/c.ts', '// harmless +AAo-evil+ACgAKQ-\n')
      expect(await worktree.diff()).toContain('+// harmless +AAo-evil+ACgAKQ-\n')
      expect(existsSync(ran)).toBe(false)
    } finally {
      await worktree.close()
    }
  })

  test.skipIf(process.getuid?.() !== 0)('a mount that another user has at its path does not keep it', async () => {
    const worktree = await openWorktree(scratchRepo({ 'a.txt': 'a\n' }))
    const script = 'mount -t tmpfs t "$2" && mkdir -p "$1" && mount --bind "$1" "$1" && echo ready && exec sleep 60'
    const args = ['-Urm', 'sh', '-c', script, 'sh', worktree.root, `/${worktree.root.split('/')[1]}`]
    const other = spawn('unshare', args, { uid: 65534, gid: 65534, stdio: ['ignore', 'pipe', 'ignore'] })
    const said = await Promise.race([once(other.stdout, 'data'), once(other, 'close')]).then(String)
    if (!said.startsWith('ready')) console.log('not tried: this system lets no other user mount')
    try {
      expect(await worktree.close()).toBe(true)
    } finally {
      other.kill('SIGKILL')
    }
  })

  test('a worktree of the user on a disk that is not there now stays registered', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const away = join(scratchFolder(), 'disk', 'tree')
    sh(root, 'worktree', 'add', '-q', away)
    rmSync(dirname(away), { recursive: true })
    await (await openWorktree(root)).close()
    expect(await sweepWorktrees(root)).toEqual([])
    expect(sh(root, 'worktree', 'list')).toContain(away)
  })

  test('a sweep removes what a dead process left and nothing of a living one', async () => {
    const root = scratchRepo({ 'package.json': '{}\n' })
    write(root, 'node_modules/x.js', 'x\n')
    const killed = await openWorktree(root)
    const emptied = await openWorktree(root)
    const living = await enter(root)
    const other = await enter(scratchRepo({ 'b.txt': 'b\n' }))
    const reused = await openWorktree(root)
    const young = await openWorktree(root) // as of a run in a container, which has a temporary folder of its own
    const remote = await enter(root) // as of a run on another machine that shares these files
    setOwner(remote, { pid: await deadPid(), startedAt: null, machine: 'other' })
    setOwner(killed, { pid: await deadPid(), startedAt: null })
    // Windows does not say when a process began
    const number = isWindows ? await deadPid() : process.pid
    setOwner(reused, { pid: number, startedAt: 'before the last start of the system' })
    for (const { root: gone } of [emptied, young]) rmSync(dirname(gone), { recursive: true })
    const gitFolder = readdirSync(join(root, '.git/worktrees')).find((name) =>
      read(root, `.git/worktrees/${name}/gitdir`).startsWith(emptied.root),
    )
    utimesSync(join(root, '.git/worktrees', gitFolder!, 'gitdir'), 0, Date.now() / 1000 - 90_000)

    expect((await sweepWorktrees(root)).sort()).toEqual([killed.root, reused.root, emptied.root].sort())
    expect(existsSync(dirname(killed.root))).toBe(false)
    expect(read(root, 'node_modules/x.js')).toBe('x\n')
    expect([living, remote].map(({ root: kept }) => existsSync(kept))).toEqual([true, true])
    expect(existsSync(other.root)).toBe(true)
    expect(sh(root, 'worktree', 'list').trim().split('\n')).toHaveLength(4)
    expect(await sweepWorktrees(root)).toEqual([])
  })

  test('on Windows a worktree with a file in use is tried again, and then left with its note for a later sweep', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const worktree = await openWorktree(root)
    const folder = dirname(worktree.root)
    const owner = { commonDir: join(root, '.git'), root: worktree.root, links: [] }
    const busy = (times: number): typeof git => {
      return async (at, args, options) => {
        if (times-- > 0) throw new GitError(args, 255, "error: failed to delete 'a.txt': Permission denied")
        return git(at, args, options)
      }
    }
    expect(await removeWorktree(folder, owner, busy(3), 'win32')).toBe(false)
    expect(existsSync(worktree.root)).toBe(true)
    setOwner(worktree, { pid: await deadPid(), startedAt: null })
    expect(await sweepWorktrees(root)).toEqual([worktree.root])

    const other = await openWorktree(root)
    expect(await removeWorktree(dirname(other.root), { ...owner, root: other.root }, busy(2), 'win32')).toBe(true)
    expect(existsSync(dirname(other.root))).toBe(false)
    expect(sh(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
    await expect(removeWorktree(dirname(other.root), owner, busy(1), 'linux')).rejects.toThrow('failed to delete')
  })

  test('a forged note beside temporary files removes nothing', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const tree = join(scratchFolder(), 'tree')
    sh(root, 'worktree', 'add', '-q', tree)
    const forged = join(realpathSync.native(tmpdir()), `repose-forged-${process.pid}`)
    mkdirSync(forged)
    try {
      const note = { pid: await deadPid(), commonDir: join(root, '.git'), root: tree, links: ['a.txt'] }
      writeFileSync(join(forged, 'owner.json'), JSON.stringify(note))
      expect(await sweepWorktrees(root)).toEqual([])
      expect(read(tree, 'a.txt')).toBe('a\n')
    } finally {
      removeFolder(forged)
    }
  })

  test('a repository without commits, a bare one and no repository are refused in words', async () => {
    const empty = scratchFolder()
    sh(empty, 'init', '-q')
    await expect(openWorktree(empty)).rejects.toThrow(UserError)
    await expect(openWorktree(empty)).rejects.toThrow(/no commits/)
    const bare = scratchFolder()
    sh(bare, 'init', '-q', '--bare')
    await expect(openWorktree(bare)).rejects.toThrow(/bare repository/)
    await expect(openWorktree(scratchFolder())).rejects.toThrow(/not in a git repository/)
  })

  test('a failure half way leaves nothing behind', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const before = userState(root)
    const own = scratchFolder() // other tests make worktrees in the common one
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, own)
    const failing: typeof git = (at, args, options) => {
      if (args[0] === 'ls-files' && args[1] === '-s') return Promise.reject(new Error('the disk is full'))
      return git(at, args, options)
    }
    await expect(openWorktree(root, { git: failing })).rejects.toThrow('the disk is full')
    vi.unstubAllEnvs()
    expect(readdirSync(own)).toEqual([])
    expect(userState(root)).toEqual(before)
  })
})

function setOwner(worktree: AgentWorktree, holder: Holder & { readonly machine?: string }): void {
  const path = join(dirname(worktree.root), 'owner.json')
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...holder }))
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((done) => child.on('exit', done))
  return child.pid!
}
