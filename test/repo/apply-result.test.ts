import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { applyToTree, commitToBranch } from '../../src/repo/apply-result.ts'
import { diffParts, filesInDiff } from '../../src/repo/diff-parts.ts'
import { type AgentWorktree, openWorktree } from '../../src/repo/worktree.ts'
import { fakeGit } from '../helpers/fake-git.ts'
import { isWindows, modeHere, pathHere } from '../helpers/platform.ts'
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

async function resultOf(worktree: AgentWorktree): Promise<{ head: string; diff: string }> {
  return { head: worktree.head, diff: await worktree.diff() }
}

// A file system of its own takes Linux and the right to mount one.
const small = process.platform === 'linux' ? mountSmall() : null
afterAll(() => void (small && spawnSync('umount', [small])))

function mountSmall(): string | null {
  const folder = scratchFolder()
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', folder]).status === 0 ? folder : null
}

describe('into the working tree', () => {
  test.each(['\u2028', '\u2029', '\r'])(
    'a line that looks like the header of another file behind %j is a line',
    async (end) => {
      const root = scratchRepo({ 'a.txt': 'a\n' })
      const worktree = await enter(root)
      const text = `x${end}diff --git a/a.txt b/a.txt${end}new file mode 100644${end}@@ -1 +1 @@\nlast\n`
      write(worktree.root, 'new.txt', text)
      const diff = await worktree.diff()
      expect([filesInDiff(diff), diffParts(diff)]).toEqual([1, [diff]])
      expect(await applyToTree(root, diff)).toEqual({ status: 'applied', files: ['new.txt'] })
      expect(read(root, 'new.txt')).toBe(text)
    },
  )

  test('no file is made where git ignores it by a rule that ignores itself, unless the changes lift the rule', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n', 'src/.gitignore': '*.gen\n' })
    write(root, 'env/.gitignore', '*\n')
    const worktree = await enter(root)
    expect(await worktree.taken(['env/bin/git', 'src/x.gen', 'src/b.txt'])).toEqual(['env/bin/git'])
    write(worktree.root, 'env/bin/git', 'echo\n')
    const diff = await worktree.diff()
    expect(await applyToTree(root, diff)).toMatchObject({ status: 'clash', files: ['env/bin/git'] })
    expect(await commitToBranch(root, { head: worktree.head, diff }, 'new', 'x')).toMatchObject({
      status: 'refused',
      message: 'git ignores env/bin/git in your working tree',
    })
    unlinkSync(join(worktree.root, 'env/bin/git'))
    write(worktree.root, 'src/.gitignore', '*.old\n')
    write(worktree.root, 'src/x.gen', 'x\n')
    expect(await applyToTree(root, await worktree.diff())).toMatchObject({ status: 'applied' })
    expect(read(root, 'src/x.gen')).toBe('x\n')
  })

  test('the changes are applied on top of the uncommitted ones, and the index stays', async () => {
    const root = scratchRepo({ 'a b.txt': 'one\ntwo\nthree\nfour\nfive\n', 'gone.txt': 'x\n' })
    write(root, 'a b.txt', 'one\ntwo\nthree\nfour\nFIVE by the user\n')
    sh(root, 'add', '-A')
    const worktree = await enter(root)
    write(worktree.root, 'a b.txt', 'ONE\ntwo\nthree\nfour\nFIVE by the user\n')
    write(worktree.root, 'new/é.txt', 'new\n')
    unlinkSync(join(worktree.root, 'gone.txt'))
    const before = userState(root)
    expect(await applyToTree(root, await worktree.diff())).toEqual({
      status: 'applied',
      files: ['a b.txt', 'gone.txt', 'new/é.txt'],
    })
    expect(read(root, 'a b.txt')).toBe('ONE\ntwo\nthree\nfour\nFIVE by the user\n')
    expect(read(root, 'new/é.txt')).toBe('new\n')
    expect(existsSync(join(root, 'gone.txt'))).toBe(false)
    expect(userState(root).index).toBe(before.index)
    expect(userState(root).refs).toBe(before.refs)
  })

  test('an empty diff is nothing to do', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    expect(await applyToTree(root, '')).toEqual({ status: 'nothing' })
  })

  test.skipIf(!small)('on a full disk every file is as it was', async () => {
    const git = join(scratchFolder(), 'git')
    sh(small!, 'init', '-q', '--separate-git-dir', git)
    const [a, b] = ['a\n'.repeat(5000), 'one\ntwo\n']
    write(small!, 'a.txt', a)
    write(small!, 'b.txt', b)
    sh(small!, 'add', '-A')
    sh(small!, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'x')
    const worktree = await enter(small!)
    write(worktree.root, 'a.txt', `${a}${'more\n'.repeat(200_000)}`)
    write(worktree.root, 'b.txt', 'ONE\ntwo\n')
    await expect(applyToTree(small!, await worktree.diff())).rejects.toThrow('no space left')
    expect([read(small!, 'a.txt'), read(small!, 'b.txt')]).toEqual([a, b])
    expect(sh(small!, 'status', '--porcelain')).toBe('')
  })

  test.skipIf(isWindows)('a file that the user saves just before git reads it stays as saved', async () => {
    const root = scratchRepo({ 'a.txt': 'one\n', 'b.txt': 'two\n' })
    const worktree = await enter(root)
    write(worktree.root, 'a.txt', 'ONE\n')
    write(worktree.root, 'b.txt', 'TWO\n')
    const diff = await worktree.diff()
    const PATH = process.env.PATH!
    const late = fakeGit(`PATH=${JSON.stringify(PATH)}; export PATH
case " $* " in
*" --check "* | *" --numstat "*) ;;
*" apply "*) echo 'saved by the user' >a.txt ;;
esac
exec git "$@"`)
    process.env.PATH = late.PATH
    try {
      expect(await applyToTree(root, diff)).toMatchObject({ status: 'clash', files: ['a.txt'] })
    } finally {
      process.env.PATH = PATH
    }
    expect([read(root, 'a.txt'), read(root, 'b.txt')]).toEqual(['saved by the user\n', 'two\n'])
  })

  test('trailing white space arrives as it was written, whatever apply.whitespace says', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    sh(root, 'config', 'apply.whitespace', 'fix')
    const worktree = await enter(root)
    write(worktree.root, 'a.txt', 'a  \n\t \n')
    await applyToTree(root, await worktree.diff())
    expect(read(root, 'a.txt')).toBe('a  \n\t \n')
  })

  test('a working tree that git checks out with CRLF keeps CRLF', async () => {
    const root = scratchRepo({ '.gitattributes': '*.txt text eol=crlf\n', 'a.txt': 'one\r\ntwo\r\nthree\r\n' })
    write(root, 'a.txt', 'one\r\ntwo\r\nthree by the user\r\n')
    const worktree = await enter(root)
    expect(read(worktree.root, 'a.txt')).toBe('one\ntwo\nthree by the user\n') // as git stores it
    write(worktree.root, 'a.txt', 'ONE\ntwo\nthree by the user\n')
    expect((await applyToTree(root, await worktree.diff())).status).toBe('applied')
    expect(read(root, 'a.txt')).toBe('ONE\r\ntwo\r\nthree by the user\r\n')
  })

  test('when the user has edited the same lines, nothing changes, the files are named and the diff is kept', async () => {
    const quoted = pathHere('b "q".txt')
    const root = scratchRepo({ 'a.txt': 'a\n', [quoted]: 'b\n', 'c.txt': 'c\n', link: 'a file now\n' })
    const worktree = await enter(root)
    for (const name of ['a.txt', quoted, 'c.txt']) write(worktree.root, name, `${name} by the agent\n`)
    write(worktree.root, 'new.txt', 'by the agent\n')
    if (!isWindows) {
      unlinkSync(join(worktree.root, 'link'))
      symlinkSync('a.txt', join(worktree.root, 'link')) // Windows wants a privilege for it
    }
    const diff = await worktree.diff()
    write(root, quoted, 'by the user\n')
    write(root, 'new.txt', 'by the user\n')
    const before = userState(root)

    const outcome = await applyToTree(root, diff)
    expect(outcome).toEqual({ status: 'clash', files: [quoted, 'new.txt'], keptAt: expect.any(String) })
    if (outcome.status !== 'clash') return
    expect(read(root, 'a.txt')).toBe('a\n')
    expect(read(root, quoted)).toBe('by the user\n')
    expect(userState(root)).toEqual(before)
    expect(readFileSync(outcome.keptAt, 'utf8')).toBe(diff)
    expect(outcome.keptAt.startsWith(join(root, '.git', 'repose', 'results'))).toBe(true)
    expect(statSync(outcome.keptAt).mode & 0o777).toBe(modeHere(0o600))
    await applyToTree(root, diff)
    expect(readdirSync(join(root, '.git', 'repose', 'results'))).toHaveLength(2)
  })
})

describe('onto a branch', () => {
  test('a new branch holds the changes; checkout, index and files of the user stay, and no hook runs', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n', 'b.txt': 'one\ntwo\nthree\nfour\nfive\n' })
    const marks = scratchFolder()
    for (const hook of ['reference-transaction', 'post-index-change', 'pre-commit', 'commit-msg', 'post-commit']) {
      write(root, `.git/hooks/${hook}`, `#!/bin/sh\ntouch '${marks}/${hook}'\n`)
      chmodSync(join(root, '.git/hooks', hook), 0o755)
    }
    write(root, 'b.txt', 'one\ntwo\nthree\nfour\nFIVE, not committed\n')
    write(root, 'draft.txt', 'untracked\n')
    const before = userState(root)
    const worktree = await enter(root)
    write(worktree.root, 'a.txt', 'by the agent\n')
    write(worktree.root, 'new.txt', 'new\n')

    const outcome = await commitToBranch(root, await resultOf(worktree), 'repose/add-new', 'Add new\n\nWith a body: é.')
    expect(outcome).toEqual({ status: 'committed', branch: 'repose/add-new', commit: expect.any(String) })
    expect(sh(root, 'diff', '--name-status', 'main', 'repose/add-new')).toBe('M\ta.txt\nA\tnew.txt\n')
    expect(sh(root, 'log', '-1', '--format=%an|%P|%B', 'repose/add-new').trim()).toBe(
      `Ada|${worktree.head}|Add new\n\nWith a body: é.`,
    )
    expect(readdirSync(marks)).toEqual([])
    await worktree.close()
    sh(root, 'branch', '-D', 'repose/add-new')
    expect(userState(root)).toEqual(before)
  })

  test('changes that build on uncommitted ones are refused, with the reason, and kept', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n', 'b.txt': 'b\n' })
    write(root, 'a.txt', 'by the user\n')
    write(root, 'draft.txt', 'untracked\n')
    const worktree = await enter(root)
    for (const name of ['a.txt', 'b.txt', 'draft.txt']) write(worktree.root, name, `${name} by the agent\n`)
    const outcome = await commitToBranch(root, await resultOf(worktree), 'result', 'x')
    expect(outcome).toMatchObject({ status: 'refused', files: ['a.txt', 'draft.txt'] })
    if (outcome.status !== 'refused') return
    expect(outcome.message).toMatch(/uncommitted ones in a\.txt, draft\.txt/)
    expect(readFileSync(outcome.keptAt, 'utf8')).toBe(await worktree.diff())
    expect(sh(root, 'branch', '--list')).not.toContain('result')
  })

  test('a branch whose name is a symbolic ref to another one replaces it', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const worktree = await enter(root)
    write(worktree.root, 'a.txt', 'b\n')
    sh(root, 'symbolic-ref', 'refs/heads/x', 'refs/heads/other')
    const { commit } = { commit: '', ...(await commitToBranch(root, await resultOf(worktree), 'x', 'x')) }
    expect(sh(root, 'for-each-ref', '--format=%(refname) %(objectname) %(symref)', 'refs/heads')).toBe(
      `refs/heads/main ${worktree.head} \nrefs/heads/x ${commit} \n`,
    )
  })

  test.skipIf(isWindows)('no branch is made whose log is a link, through which git would write', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const worktree = await enter(root)
    write(worktree.root, 'a.txt', 'b\n')
    write(root, '.git/logs/refs/heads/x', '')
    unlinkSync(join(root, '.git/logs/refs/heads/x'))
    symlinkSync('../../../../a.txt', join(root, '.git/logs/refs/heads/x'))
    await expect(commitToBranch(root, await resultOf(worktree), 'x', 'x')).rejects.toThrow('is a symbolic link')
    expect(read(root, 'a.txt')).toBe('a\n')
  })

  test('an existing branch is refused, also one that stands in the way of the name', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    sh(root, 'branch', 'taken')
    const at = sh(root, 'rev-parse', 'taken')
    const worktree = await enter(root)
    write(worktree.root, 'a.txt', 'b\n')
    expect(await commitToBranch(root, await resultOf(worktree), 'taken', 'x')).toMatchObject({
      status: 'refused',
      message: 'branch taken exists already',
    })
    expect(await commitToBranch(root, await resultOf(worktree), 'taken/below', 'x')).toMatchObject({
      status: 'refused',
    })
    expect(sh(root, 'rev-parse', 'taken')).toBe(at)
  })

  test('the branch starts where the run started, even if the user has committed since', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const worktree = await enter(root)
    write(worktree.root, 'b.txt', 'b\n')
    write(root, 'a.txt', 'later\n')
    sh(root, 'commit', '-qam', 'later')
    expect((await commitToBranch(root, await resultOf(worktree), 'result', 'x')).status).toBe('committed')
    expect(sh(root, 'rev-parse', 'result^').trim()).toBe(worktree.head)
  })

  test('no changes make no branch, and a name that git does not allow is a user error', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    const worktree = await enter(root)
    expect(await commitToBranch(root, await resultOf(worktree), 'result', 'x')).toEqual({ status: 'nothing' })
    expect(sh(root, 'branch', '--list')).not.toContain('result')
    for (const name of ['', '-d', 'a..b', 'a b', '@{-1}', 'x.lock']) {
      await expect(commitToBranch(root, await resultOf(worktree), name, 'x'), name).rejects.toThrow(UserError)
    }
  })
})

test('changes of more than 3 MB are not kept', async () => {
  const root = scratchRepo({ 'a.txt': 'a\n' })
  const worktree = await openWorktree(root)
  try {
    write(worktree.root, 'b.txt', `${'b'.repeat(99)}\n`.repeat(31_000))
    await expect(worktree.diff()).rejects.toThrow(
      'the changes are too large: their diff has 4 MB, and at most 3 MB are kept',
    )
  } finally {
    await worktree.close()
  }
})
