import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findProtected, protectedBelow } from '../../src/edit/find-protected.ts'
import { statsAt } from '../../src/files/stats-at.ts'
import { protectedHere } from '../../src/repo/protected-here.ts'
import { openWorktree } from '../../src/repo/worktree.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchRepo, sh, write } from './scratch-repo.ts'

const files = {
  'tools/hooks/pre-push': 'exit 0\n',
  'tools/strip.sh': 'cat\n',
  'tools/settings': '[core]\n',
  main: 'x\n',
  'src/a.ts': 'a\n',
}
const none = () => []
const listOf = async (...given: Parameters<typeof protectedHere>) => (await protectedHere(...given)).paths
const pathsOf = async (...given: Parameters<typeof protectedHere>) =>
  (await listOf(...given)).map(({ path }) => path).sort()
/** Protected files that exist: listed, or named by a setting. */
const presentOf = async (root: string) => {
  const here = await protectedHere(root, none)
  const tracked = sh(root, 'ls-files')
    .split('\n')
    .filter((path) => path && here.whyNamed(path))
  const listed = here.paths.map(({ path }) => path).filter((path) => statsAt(join(root, path)))
  return [...new Set([...tracked, ...listed])].sort()
}
/** Of a repository, as a run sees it from the worktree of its agent. */
const seenByAgent = async (root: string, sensitiveBelow: typeof protectedBelow) => {
  const worktree = await openWorktree(root)
  try {
    return await pathsOf(worktree.root, sensitiveBelow, { user: root })
  } finally {
    await worktree.close()
  }
}

test('of a usual repository nothing is, but for what lies in folders of the user', async () => {
  const root = scratchRepo(files)
  expect(await pathsOf(root, none)).toEqual([])
  expect(await pathsOf(root, none, { own: [join(root, '.config/mine'), '/elsewhere'] })).toEqual(['.config/mine'])
})

test('the folder of the hooks, also by its absolute path and seen from a worktree of an agent', async () => {
  const root = scratchRepo(files)
  sh(root, 'config', 'core.hooksPath', 'tools/hooks')
  expect(await listOf(root, none)).toEqual([{ path: 'tools/hooks', why: 'git runs the hooks in it with your rights' }])
  sh(root, 'config', 'core.hooksPath', join(root, 'tools/hooks'))
  expect(await seenByAgent(root, none)).toEqual(['tools/hooks'])
})

test('the folder whose hooks git copies into new repositories', async () => {
  const root = scratchRepo(files)
  sh(root, 'config', 'init.templateDir', join(root, 'tools'))
  sh(root, 'config', 'init.defaultBranch', 'tools/strip.sh')
  expect(await listOf(root, none)).toEqual([{ path: 'tools', why: 'git copies hooks from it into new repositories' }])
})

test('files that the settings of git name, and settings that they include', async () => {
  const root = scratchRepo(files)
  sh(root, 'config', 'filter.notebook.clean', './tools/strip.sh --all')
  sh(root, 'config', 'branch.x.merge', 'main')
  sh(root, 'config', 'include.path', '../tools/settings')
  write(root, 'tools/settings', '[core]\n\teditor = vi\n')
  expect(await listOf(root, none)).toEqual([
    { path: 'tools/strip.sh', why: 'git is set to use it (filter.notebook.clean)' },
    { path: 'tools/settings', why: 'git reads its settings from it' },
  ])
})

test('settings that are included under a condition, where it does not hold and before the file is there', async () => {
  const root = scratchRepo(files)
  sh(root, 'config', 'includeIf.onbranch:other.path', '../tools/settings')
  sh(root, 'config', `includeIf.gitdir:${root}/.git.path`, '../tools/team.cfg')
  expect(await seenByAgent(root, none)).toEqual(['tools/settings', 'tools/team.cfg'])
})

test('a file that any setting names, of whatever program, but not one called like a branch or a remote', async () => {
  const root = scratchRepo(files)
  sh(root, 'config', 'tar.tgz.command', './tools/strip.sh -c')
  sh(root, 'config', 'branch.x.merge', 'main')
  sh(root, 'config', 'remote.main.url', 'main')
  expect(await pathsOf(root, none)).toEqual(['tools/strip.sh'])
})

test.each([
  '!$(git rev-parse --show-toplevel)/tools/strip.sh',
  '!cd tools && ./strip.sh',
  '!sh<tools/strip.sh',
  '!"$PWD"/tools/strip.sh',
  '!`pwd`/tools/strip.sh',
  '!$HOME/proj/tools/strip.sh',
  '!cd .. && sh proj/tools/strip.sh',
  `!f() { ${'echo a >x; '.repeat(60)} ./tools/strip.sh; }; f`,
  '!sh ./tools/?trip.*',
  '!D=tools; sh $D/[a-z]*.sh',
  '!for f in "$HOME"/*/tools/st*; do sh "$f"; done',
  '!python3 -m tools.strip',
  `!sh \${T:-tools}/strip.sh`,
  `!sh \${D-tools}/strip.sh`,
  `!f() { sh tools/\${1:-strip}.sh; }; f`,
  '!for t in strip; do sh tools/$t.sh; done',
  "!./to''ols/strip.sh",
  '!./to\\ols/strip.sh',
  "!sh ./to''ols/s*.sh",
])('a script that a setting names through the shell: %s', async (alias) => {
  const root = scratchRepo(files)
  sh(root, 'config', 'alias.x', alias)
  expect(await presentOf(root)).toEqual(['tools/strip.sh'])
})

test.each(['!e=x; ./tools/my-$e', '!./tools/my{-,_}x', '!sh tools/my?x'])(
  'a script whose name a shell puts together: %s',
  async (alias) => {
    const root = scratchRepo({ ...files, 'tools/my-x': 'exit 0\n' })
    sh(root, 'config', 'alias.x', alias)
    expect(await presentOf(root)).toEqual(['tools/my-x'])
  },
)

test('words that make no path: behind a file, too long, or a credential', async () => {
  const root = scratchRepo({ ...files, origin: '' })
  if (!isWindows) symlinkSync('loop', join(root, 'loop'))
  sh(root, 'config', 'alias.x', `!git rebase origin/main loop/main ${'x'.repeat(300)}`)
  sh(root, 'config', 'http.https://example.com/.extraheader', `AUTHORIZATION: basic ${'x'.repeat(300)} src/a.ts`)
  expect(await presentOf(root)).toEqual(['main'])
})

test.each(['!grep -v "*" | sh main.js', '!git log -- "*.sh" origin/*', '!npx lint src/*.sh', '!cat .. ./'])(
  'no file that only looks a little like it: %s',
  async (alias) => {
    const root = scratchRepo({ 'strip.sh': '', 'tools/main': '', 'a/src/x.sh': '', 'README.md': '' })
    sh(root, 'config', 'alias.x', alias)
    expect(await presentOf(root)).toEqual([])
  },
)

test.skipIf(isWindows)('very many links of a protected name do not hold the process', async () => {
  const root = scratchRepo(files)
  const links = Array.from(
    { length: 10_000 },
    (_, i) => `120000 inline d/${i}/AGENTS.md\ndata ${`../${i}.md`.length}\n../${i}.md\n`,
  )
  const head = 'commit refs/heads/main\ncommitter a <a@b> 1700000000 +0000\ndata 0\nfrom refs/heads/main^0\n'
  execFileSync('git', ['fast-import', '--quiet'], {
    cwd: root,
    input: `${head}${links.map((link) => `M ${link}`).join('')}`,
  })
  sh(root, 'reset', '-q', '--hard')
  let longest = 0
  let last = performance.now()
  const ticks = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 10)
  const here = await protectedHere(root, protectedBelow)
  const began = performance.now()
  for (let i = 0; i < 1000; i++) expect(findProtected(`src/${i}.ts`, here)).toBe(null)
  expect(performance.now() - began).toBeLessThan(1000)
  clearInterval(ticks)
  expect(here.paths).toHaveLength(10_000)
  expect(longest).toBeLessThan(1000)
})

test.skipIf(isWindows)('where a hook of git that is a link leads', async () => {
  const root = scratchRepo(files)
  mkdirSync(join(root, '.git/hooks'), { recursive: true })
  symlinkSync('../../tools/strip.sh', join(root, '.git/hooks/pre-commit'))
  expect(await listOf(root, none)).toEqual([
    { path: 'tools/strip.sh', why: 'git runs the hooks in it with your rights' },
  ])
  rmSync(join(root, '.git/hooks'), { recursive: true })
  symlinkSync('../tools/hooks', join(root, '.git/hooks'))
  expect(await pathsOf(root, none)).toEqual(['tools/hooks'])
})

test.skipIf(isWindows)(
  'where a link leads whose name is the beginning of a protected path, or one whose target is not there yet',
  async () => {
    const root = scratchRepo(files)
    symlinkSync('meta', join(root, '.github'))
    mkdirSync(join(root, 'gr'))
    symlinkSync('gr', join(root, 'gradle'))
    symlinkSync('src/later.md', join(root, 'CLAUDE.md'))
    symlinkSync('.envrc', join(root, '.envrc'))
    sh(root, 'add', '-A')
    const paths = await pathsOf(root, protectedBelow)
    expect(paths).toEqual(expect.arrayContaining(['meta/workflows', 'gr/wrapper', 'src/later.md']))
    expect(paths).not.toContain('meta')
  },
)

test.skipIf(isWindows)('where a protected link of the user leads that git ignores, seen from a worktree', async () => {
  const root = scratchRepo({ ...files, '.gitignore': '/AGENTS.md\n.claude/\n' })
  symlinkSync('src/a.ts', join(root, 'AGENTS.md'))
  mkdirSync(join(root, '.claude/commands'), { recursive: true })
  symlinkSync('../../tools/strip.sh', join(root, '.claude/commands/strip'))
  expect(await seenByAgent(root, protectedBelow)).toEqual(['src/a.ts', 'tools/strip.sh'])
})

test('a setting without a value, and one with line breaks', async () => {
  const root = scratchRepo(files)
  appendFileSync(join(root, '.git/config'), '[alias]\n\tempty\n\tx = "!sh -c \'\\n./tools/strip.sh\'"\n')
  expect(await pathsOf(root, none)).toEqual(['tools/strip.sh'])
})

test.skipIf(isWindows)('where a protected link leads, file or folder', async () => {
  const root = scratchRepo(files)
  symlinkSync('src/a.ts', join(root, 'AGENTS.md'))
  mkdirSync(join(root, 'web'))
  symlinkSync('../tools/hooks', join(root, 'web/.husky'))
  symlinkSync('/etc/passwd', join(root, '.envrc'))
  symlinkSync('main', join(root, 'other'))
  sh(root, 'add', '-A')
  expect(await listOf(root, protectedBelow)).toEqual([
    { path: 'src/a.ts', why: 'AGENTS.md is a link to it' },
    { path: 'tools/hooks', why: 'web/.husky is a link to it' },
  ])
})

test('files that settings name and that do not exist yet', async () => {
  const root = scratchRepo(files)
  sh(root, 'config', 'filter.notebook.clean', '"/usr/bin/python3" -m nbstripout')
  sh(root, 'config', 'diff.conv.textconv', 'python3 scripts/conv.py')
  sh(root, 'config', 'diff.part.textconv', 'python3 -m tools.conv.part')
  sh(root, 'config', 'alias.lint', '!./scripts/lint.sh')
  sh(root, 'config', 'alias.top', '!$(git rev-parse --show-toplevel)/scripts/top.sh')
  sh(root, 'config', 'filter.pwd.clean', 'sh "$PWD"/scripts/clean.sh')
  sh(root, 'config', 'filter.cd.clean', 'cd scripts && ./c@1.sh')
  sh(root, 'config', 'filter.node.clean', 'cd hidden && node ./c+1')
  sh(root, 'config', 'alias.sync', '!cd jobs && sh index.sh')
  const here = await protectedHere(root, none)
  for (const path of [
    ...['nbstripout.py', 'nbstripout/__main__.py', 'tools/__init__.py', 'tools/conv/__init__.py'],
    ...[
      'scripts/conv.py',
      'scripts/lint.sh',
      'scripts/top.sh',
      'scripts/clean.sh',
      'scripts/c@1.sh',
      'hidden/c+1.js',
      'jobs/index.sh',
    ],
  ])
    expect(findProtected(path, here)?.why).toContain('git is set to use it')
  expect(findProtected('src/b.ts', here)).toBeNull()
})

test('a word for a command of git protects no file of that name with an ending', async () => {
  const root = scratchRepo(files)
  sh(root, 'config', 'credential.helper', 'cache --timeout=60')
  sh(root, 'config', 'alias.st', 'status')
  sh(root, 'config', 'alias.sync', '!git checkout main && git rebase origin/develop && ./lint && sh run.sh')
  const here = await protectedHere(root, none)
  const isProtected = (path: string) => findProtected(path, here) !== null
  expect(['cache.py', 'status.py', 'main.ts', 'develop.go', 'index.ts'].filter(isProtected)).toEqual([])
  const named = ['main', 'develop', 'lint', 'lint.sh', 'run.sh']
  expect(named.filter(isProtected)).toEqual(named)
})

test.skipIf(isWindows)('targets of links below the folder of hooks, and of links that a setting names', async () => {
  const root = scratchRepo(files)
  mkdirSync(join(root, '.git/hooks/pre-commit.d'), { recursive: true })
  symlinkSync('../../../src/a.ts', join(root, '.git/hooks/pre-commit.d/10-lint'))
  symlinkSync('../main', join(root, 'tools/conv.py'))
  sh(root, 'config', 'diff.x.textconv', 'python3 -m tools.conv')
  expect(await presentOf(root)).toEqual(['main', 'src/a.ts'])
  sh(root, 'config', '--unset', 'diff.x.textconv')
  mkdirSync(join(root, 'tools/hooks/lib'))
  symlinkSync('../../strip.sh', join(root, 'tools/hooks/lib/common.sh'))
  sh(root, 'add', '-A')
  sh(root, 'config', 'core.hooksPath', 'tools/hooks')
  expect(await pathsOf(root, none)).toEqual(['tools/hooks', 'tools/strip.sh'])
})

test('links below very many folders are looked up in time', async () => {
  const root = scratchRepo({ 'a.ts': '' })
  const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: root, input: 'x', encoding: 'utf8' }).trim()
  const links = Array.from({ length: 1200 }, (_, i) => `120000 ${blob}\t${'a/'.repeat(1900)}${i}\n`)
  execFileSync('git', ['update-index', '--index-info'], { cwd: root, input: links.join('') })
  const started = performance.now()
  expect(await pathsOf(root, none)).toEqual([])
  expect(performance.now() - started).toBeLessThan(3000)
})
