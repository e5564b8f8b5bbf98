import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { applyToTree, commitToBranch } from '../../src/repo/apply-result.ts'
import { putBack, readStanding } from '../../src/repo/put-back.ts'
import { type AgentWorktree, openWorktree } from '../../src/repo/worktree.ts'
import { folderState } from '../helpers/folder-state.ts'
import { isWindows } from '../helpers/platform.ts'
import { read, scratchRepo, sh, write } from './scratch-repo.ts'

const open: AgentWorktree[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const IGNORED = '.env\ncache\n*.sock\n'
const makeRepo = () => scratchRepo({ '.gitignore': IGNORED, 'a.txt': 'a\n', 'd/b.txt': 'b\n', 'e.txt': 'e\n' })

/** What the agent has made of the tree, as a diff. Rules may have changed there: what was ignored is in it. */
async function madeIn(root: string, work: (tree: string) => void): Promise<AgentWorktree> {
  const worktree = await openWorktree(root)
  open.push(worktree)
  write(worktree.root, '.gitignore', '# nothing\n')
  work(worktree.root)
  return worktree
}

const state = (root: string) => folderState(root, (path) => path === '.git')

/** What the user has, where git does not look, and what the agent makes there. */
const CASES: Readonly<
  Record<string, { mine: (root: string) => void; made: (tree: string) => void; file: string; isPosix?: true }>
> = {
  'a file': { mine: (root) => write(root, '.env', 'mine\n'), made: (tree) => write(tree, '.env', 'x\n'), file: '.env' },
  'a file, to which another is renamed': {
    mine: (root) => write(root, '.env', 'mine\n'),
    made(tree) {
      rmSync(join(tree, 'a.txt'))
      write(tree, '.env', 'a\n')
    },
    file: '.env',
  },
  'a folder with files, where a file is made': {
    mine: (root) => write(root, 'cache/kept', 'mine\n'),
    made: (tree) => write(tree, 'cache', 'x\n'),
    file: 'cache',
  },
  'a file, where a folder is made': {
    mine: (root) => write(root, '.env', 'mine\n'),
    made: (tree) => write(tree, '.env/x', 'x\n'),
    file: '.env/x',
  },
  'a file in a folder that becomes a file': {
    mine: (root) => write(root, 'd/.env', 'mine\n'),
    made(tree) {
      rmSync(join(tree, 'd'), { recursive: true })
      write(tree, 'd', 'x\n')
    },
    file: 'd',
  },
  'a repository of its own': {
    mine(root) {
      write(root, 'cache/a', 'mine\n')
      sh(join(root, 'cache'), 'init', '-q')
    },
    made: (tree) => write(tree, 'cache', 'x\n'),
    file: 'cache',
  },
  'a link to nowhere': {
    mine: (root) => symlinkSync('nowhere', join(root, '.env')),
    made: (tree) => write(tree, '.env', 'x\n'),
    file: '.env',
    isPosix: true,
  },
  'a link to a folder, below which a file is made': {
    mine: (root) => symlinkSync('d', join(root, 'cache')),
    made: (tree) => write(tree, 'cache/new', 'x\n'),
    file: 'cache/new',
    isPosix: true,
  },
  'a file, where a link is made': {
    mine: (root) => write(root, '.env', 'mine\n'),
    made: (tree) => symlinkSync('a.txt', join(tree, '.env')),
    file: '.env',
    isPosix: true,
  },
  'a named pipe': {
    mine: (root) => execFileSync('mkfifo', [join(root, 'x.sock')]),
    made: (tree) => write(tree, 'x.sock', 'x\n'),
    file: 'x.sock',
    isPosix: true,
  },
}

describe('what the user has and git ignores', () => {
  for (const [name, { mine, made, file, isPosix = false }] of Object.entries(CASES)) {
    test.skipIf(isWindows && isPosix)(`${name}: nothing is applied, and it stays`, async () => {
      const root = makeRepo()
      mine(root)
      const worktree = await madeIn(root, (tree) => {
        made(tree)
        write(tree, 'e.txt', 'E\n')
      })
      const before = state(root)
      const diff = await worktree.diff()
      expect(await applyToTree(root, diff)).toMatchObject({ status: 'clash', files: [file] })
      expect(state(root)).toEqual(before)
    })

    test.skipIf(isWindows && isPosix)(`${name}: no branch is made, whose checkout would write over it`, async () => {
      const root = makeRepo()
      mine(root)
      const worktree = await madeIn(root, made)
      const result = { head: worktree.head, diff: await worktree.diff() }
      expect(await commitToBranch(root, result, 'repose/x', 'Add x')).toMatchObject({
        status: 'refused',
        files: [file],
      })
      expect(sh(root, 'branch', '--list', 'repose/*')).toBe('')
    })
  }

  test.each([
    ['a rename', 'diff --git a/a.txt b/.env\nsimilarity index 100%\nrename from a.txt\nrename to .env\n'],
    ['a copy', 'diff --git a/a.txt b/.env\nsimilarity index 100%\ncopy from a.txt\ncopy to .env\n'],
    ['a patch without a header of git', '--- /dev/null\n+++ b/.env\n@@ -0,0 +1 @@\n+theirs\n'],
    [
      'a rename into a folder',
      'diff --git a/a.txt b/.env/x\nsimilarity index 100%\nrename from a.txt\nrename to .env/x\n',
    ],
  ])('%s of a diff of others: no branch is made, whose checkout would write over it', async (_, diff) => {
    const root = makeRepo()
    write(root, '.env', 'mine\n')
    const head = sh(root, 'rev-parse', 'HEAD').trim()
    expect(await commitToBranch(root, { head, diff }, 'repose/x', 'Add x')).toMatchObject({ status: 'refused' })
    expect(sh(root, 'branch', '--list', 'repose/*')).toBe('')
  })

  test('the agent is told of it when it means to make such a file', async () => {
    const root = makeRepo()
    write(root, '.env', 'mine\n')
    write(root, 'cache/kept', 'mine\n')
    const worktree = await madeIn(root, () => {})
    const paths = ['.env', '.env/x', 'cache', 'cache/new', 'a.txt', 'd', 'd/b.txt', 'd/new.txt', 'new.txt']
    expect(await worktree.taken(paths)).toEqual(['.env', '.env/x', 'cache'])
    const past = await openWorktree(root, { at: 'HEAD' })
    open.push(past)
    expect(await past.taken(paths)).toEqual([])
  })
})

describe('what stands in no way', () => {
  test('a file becomes a folder, a folder a file, and files come into a folder that is ignored in part', async () => {
    const root = makeRepo()
    write(root, 'cache/kept', 'mine\n')
    const worktree = await madeIn(root, (tree) => {
      rmSync(join(tree, 'a.txt'))
      write(tree, 'a.txt/new', 'x\n')
      rmSync(join(tree, 'd'), { recursive: true })
      write(tree, 'd', 'x\n')
      write(tree, 'cache/new', 'x\n')
    })
    expect((await applyToTree(root, await worktree.diff())).status).toBe('applied')
    expect([read(root, 'a.txt/new'), read(root, 'd'), read(root, 'cache/kept')]).toEqual(['x\n', 'x\n', 'mine\n'])
  })

  test.skipIf(isWindows)('permission bits that git does not know stay', async () => {
    const root = scratchRepo({ 'key.txt': 'one\n', 'run.sh': 'one\n', 'tool.sh': 'one\n' })
    chmodSync(join(root, 'key.txt'), 0o600)
    chmodSync(join(root, 'run.sh'), 0o640)
    chmodSync(join(root, 'tool.sh'), 0o750)
    const worktree = await openWorktree(root)
    open.push(worktree)
    for (const name of ['key.txt', 'run.sh', 'tool.sh']) write(worktree.root, name, 'two\n')
    chmodSync(join(worktree.root, 'run.sh'), 0o755)
    expect((await applyToTree(root, await worktree.diff())).status).toBe('applied')
    const modes = Object.fromEntries(Object.entries(state(root)).map(([path, told]) => [path, told.slice(0, 6)]))
    expect(modes).toMatchObject({ 'key.txt': '100600', 'run.sh': '100750', 'tool.sh': '100750' })
  })

  test.skipIf(isWindows)(
    'what git could not write is put back: files with their modes, links as links, folders',
    async () => {
      const root = makeRepo()
      symlinkSync('d', join(root, 'link'))
      chmodSync(join(root, 'a.txt'), 0o640)
      const withoutTimes = () =>
        Object.fromEntries(Object.entries(state(root)).map(([path, told]) => [path, told.replace(/ \d+ /, ' ')]))
      const before = withoutTimes()
      const standing = await readStanding(root, ['a.txt', 'link', 'd', 'd/b.txt', 'new.txt', 'e.txt/x'])
      rmSync(join(root, 'link'))
      write(root, 'link', 'a file\n')
      rmSync(join(root, 'd'), { recursive: true })
      write(root, 'd', 'a file\n')
      write(root, 'new.txt', 'new\n')
      write(root, 'a.txt', 'changed\n')
      chmodSync(join(root, 'a.txt'), 0o755)
      await putBack(standing, new Error('no space'))
      expect(withoutTimes()).toEqual(before)
    },
  )
})
