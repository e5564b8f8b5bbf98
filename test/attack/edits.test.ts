import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { implementRequest } from '../../agents/feature/agent.ts'
import { MOST_EDITS, parseReply } from '../../agents/feature/parse-reply.ts'
import { openWorkspace } from '../../agents/feature/workspace.ts'
import { plainTools } from '../../agents/plain/tools.ts'
import { applyEdits } from '../../src/edit/apply-edits.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { scriptedLlm } from '../../src/llm/scripted-llm.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openStore } from '../../src/store/open-store.ts'
import { realTools } from '../edit/real-tools.ts'
import { isWindows } from '../helpers/platform.ts'
import { read, scratchFolder, scratchRepo, sh, userState, write } from '../repo/scratch-repo.ts'

let root: string
let outside: string
beforeAll(() => {
  root = scratchRepo({
    'src/price.ts': 'export const price = 1\n',
    '.npmrc': 'registry=https://registry.npmjs.org\n',
    'package.json': '{"scripts": {"test": "true"}}\n',
    '.gitignore': '.env\nout/\n',
    '.github/workflows/ci.yml': 'on: push\n',
  })
  outside = scratchFolder()
  writeFileSync(join(outside, 'file'), 'mine\n')
  write(root, '.env', 'KEY=mine\n')
  if (isWindows) return
  symlinkSync(outside, join(root, 'out-link'))
  symlinkSync(join(outside, 'file'), join(root, 'file-link'))
  symlinkSync('loop', join(root, 'loop'))
})

const create = (path: string) => `@@ create ${path}\n<<<<<<< text\nevil\n>>>>>>> end\n`
const replace = (path: string, find: string) =>
  `@@ replace ${path}\n<<<<<<< find\n${find}\n======= replace\nevil\n>>>>>>> end\n`
const rename = (from: string, to: string) => `@@ rename ${from} -> ${to}\n`
const remove = (path: string) => `@@ delete ${path}\n`

const OUTSIDE = [
  ...[
    '../file',
    '../../file',
    'src/../../file',
    '/tmp/evil',
    '//etc/evil',
    'C:/evil',
    'c:evil',
    'out-link/file',
    'out-link/new',
    'out-link/../file',
    'file-link',
    'loop',
    'loop/x',
    'loop/../../x',
  ],
  ...[
    'src/price.ts/x',
    'a\0b',
    './../file',
    'src/./../../file',
    '~/.bashrc/../../../x\\..\\..',
    '\\\\server\\share',
    '..\\file',
    `${'d/'.repeat(3000)}x`,
    'x'.repeat(256),
  ],
]
const OF_GIT = [
  ...[
    '.git/config',
    '.git/hooks/pre-commit',
    '.git',
    '.GIT/config',
    '.Git/hooks/x',
    'src/.git/config',
    '.git./config',
    '.git /config',
    '.git::$INDEX_ALLOCATION/config',
  ],
  ...[
    'git~1/config',
    'GIT~1/hooks/x',
    '.git\u200c/config',
    '.g\u200dit/config',
    '.\uff47it/config',
    '.git\\config',
    './.git/config',
    'x/../.git/config',
    '.git/repose/repose.db',
  ],
]
const PROTECTED = [
  ...[
    '.npmrc',
    '.NPMRC',
    '.npmrc ',
    './.npmrc',
    'src/.npmrc',
    '.npmrc.',
    '.npmrc::$DATA',
    '.npm\u200brc',
    '.github/workflows/ci.yml',
    '.github/workflows/new.yml',
    '.GitHub/Workflows/x.yml',
  ],
  ...[
    '.gitignore',
    '.gitattributes',
    '.gitmodules',
    'src/.gitattributes',
    '.husky/pre-commit',
    '.vscode/tasks.json',
    '.vscode/settings.json',
    '.cursor/rules/x.md',
    '.cursorrules',
    '.envrc',
  ],
  ...[
    'CLAUDE.md',
    'claude.md',
    'src/CLAUDE.md',
    'AGENTS.md',
    'GEMINI.md',
    '.github/copilot-instructions.md',
    'repose.config.json',
    '.reposeignore',
    '.ignore',
    '.yarnrc.yml',
    '.pnpmfile.cjs',
  ],
  ...[
    '.idea/workspace.xml',
    '.devcontainer/devcontainer.json',
    '.gitlab-ci.yml',
    '.circleci/config.yml',
    'Jenkinsfile',
    'gradlew',
    '.bazelrc',
    '.gdbinit',
    'src/sitecustomize.py',
    'lib/evil.pth',
    '.zshrc',
    '.mcp.json',
    '.claude/settings.json',
    '.pre-commit-config.yaml',
  ],
]

const titled = (path: string) => [JSON.stringify(path).slice(0, 60), path] as const

/** Applies a reply as the agent does: what git ignores is asked of git. */
async function apply(reply: string) {
  const workspace = openWorkspace(root)
  const { edits, problems } = parseReply(reply)
  if (edits.length === 0) return { ok: false as const, problems }
  const named = edits.flatMap((one) => [one.path, ...(one.kind === 'rename' ? [one.to] : [])])
  const ignored = await workspace.ignored(named)
  return applyEdits(root, edits, { ...realTools(root), allow: (path) => (ignored.includes(path) ? 'ignored' : null) })
}

const listing = () =>
  readdirSync(root, { recursive: true })
    .map(String)
    .filter((path) => !path.startsWith('.git/'))
    .sort()

/** What is there, and what git keeps. */
const state = () => [
  ...listing(),
  read(root, '.git/config'),
  read(root, '.git/HEAD'),
  ...readdirSync(join(root, '.git/hooks')),
  read(root, 'src/price.ts'),
  read(root, '.npmrc'),
]

async function expectRefused(reply: string): Promise<void> {
  const before = state()
  const outcome = await apply(reply)
  expect(outcome).toMatchObject({ ok: false })
  expect(outcome.ok ? [] : outcome.problems).not.toEqual([])
  expect(state()).toEqual(before)
  expect(readdirSync(outside)).toEqual(['file'])
  expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('mine\n')
  expect(read(root, '.env')).toBe('KEY=mine\n')
}

describe.skipIf(isWindows)('an edit is refused', () => {
  test.each(OUTSIDE.map(titled))('that would leave the repository: %s', async (_, path) => {
    for (const reply of [
      create(path),
      replace(path, 'mine'),
      remove(path),
      rename('src/price.ts', path),
      rename(path, 'src/new.ts'),
    ])
      await expectRefused(reply)
  })
  test.each(OF_GIT)('of what git keeps: %j', async (path) => {
    for (const reply of [
      create(path),
      replace(path, 'core'),
      remove(path),
      rename('src/price.ts', path),
      rename(path, 'src/new.ts'),
    ])
      await expectRefused(reply)
  })
  test.each(PROTECTED)('of a protected path: %j', async (path) => {
    for (const reply of [create(path), rename('src/price.ts', path)]) await expectRefused(reply)
    if (lstatSync(join(root, path), { throwIfNoEntry: false }))
      for (const reply of [remove(path), rename(path, 'src/new.ts')]) await expectRefused(reply)
  })
  test.each([
    ['a rename onto a file that git ignores', rename('src/price.ts', '.env')],
    ['a new file in place of one that git ignores', create('.env')],
    ['a new file where git ignores all', create('out/new.ts')],
    ['a rename onto a file that is there', rename('src/price.ts', 'package.json')],
    ['a rename of a folder', rename('src', 'lib')],
    ['a file in place of a folder', create('src')],
    ['one good edit beside one that leads out', replace('src/price.ts', 'export const price = 1') + create('../evil')],
    ['two renames that meet', rename('src/price.ts', 'a.ts') + rename('package.json', 'a.ts')],
    ['a rename onto itself, by case', rename('src/price.ts', 'src/../.git/price.ts')],
  ])('%s', (_, reply) => expectRefused(reply))
})

describe.skipIf(isWindows)('tools of the plain agent', () => {
  test.each([...OUTSIDE, ...OF_GIT, '.npmrc', '.github/workflows/new.yml', 'CLAUDE.md', '.env'].map(titled))(
    'leave alone and do not show %s',
    async (_, path) => {
      const before = state()
      for (const [name, input] of [
        ['create_file', { path, text: 'evil' }],
        ['replace', { path, find: 'mine', replacement: 'evil' }],
        ['replace', { path, find: 'registry', replacement: 'evil' }],
        ['read_file', { path }],
        ['list_dir', { path }],
        ['grep', { pattern: 'mine|repositoryformat', path }],
      ] as const) {
        const { text } = await plainTools(root)
          .find((tool) => tool.name === name)!
          .run(input)
        if (path !== '.env') expect(text).not.toMatch(/^(?!error).*(mine|repositoryformatversion)/m)
      }
      expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('mine\n')
      expect(readdirSync(outside)).toEqual(['file'])
      expect(state()).toEqual(before)
    },
  )
})

describe('a reply without measure', () => {
  test.each<[string, string]>([
    ['edits by the thousand', create('a.ts').repeat(5000)],
    ['looks by the hundred thousand', 'open src/price.ts\n'.repeat(100_000)],
    ['a path of a million characters', create('x'.repeat(1_000_000))],
    ['marks without an end', '<<<<<<< find\n'.repeat(50_000)],
    ['heads without an end', '@@ replace src/price.ts\n'.repeat(50_000)],
    ['commas without an end', `@@ replace ${'a,'.repeat(200_000)}\n<<<<<<< find\nx\n======= replace\ny\n>>>>>>> end\n`],
    ['arrows without an end', `@@ rename ${'a -> '.repeat(100_000)}\n`],
    ['fences without an end', '`'.repeat(500_000)],
    ['spaces without an end', `@@${' '.repeat(1_000_000)}x`],
    ['hashes without an end', create(`a.ts${'#'.repeat(300_000)}`)],
  ])('%s is read within two seconds', (_, reply) => {
    const started = performance.now()
    const { edits, problems } = parseReply(reply, ['src/price.ts'])
    expect(performance.now() - started).toBeLessThan(2000 * (process.env.CI ? 3 : 1))
    expect(edits.length).toBeLessThanOrEqual(MOST_EDITS)
    expect(problems.length).toBeLessThanOrEqual(100_000)
  })

  test.each([
    '(a+)+$',
    '(a|a)*b',
    '(.*)*\\1',
    'a{1,30000}',
    '((((((((((a*)*)*)*)*)*)*)*)*)*b',
    '[',
    '(?:',
    '\\',
    '*',
    '-e',
    '--open-files-in-pager=touch ran',
    '-Otouch',
  ])(
    'a search for %j ends, and runs nothing',
    async (pattern) => {
      write(root, 'src/long.txt', `${'a'.repeat(3000)}c\n`.repeat(30))
      sh(root, 'add', '-A')
      const started = performance.now()
      const { hits, remark } = await openWorkspace(root, undefined, { searchMs: 1000 }).search(pattern)
      expect(performance.now() - started).toBeLessThan(10_000)
      expect(hits.length > 0 || remark !== null || hits.length === 0).toBe(true)
      expect(listing()).not.toContain('ran')
    },
    40_000,
  )
})

describe.skipIf(isWindows)('a whole run', () => {
  const run = async (...replies: string[]) => {
    const store = openStore(':memory:')
    const repo = await openRepo(root)
    await refreshFacts(repo, store, { maxFileBytes: 1_000_000, maxCommits: 10, processes: 1 })
    const options = {
      ...{
        repo,
        store,
        worktree: store.facts.worktree(root).id,
        llm: scriptedLlm([...replies, ...Array(6).fill('complete')]),
      },
      ...{
        effort: 'low' as const,
        checks: [],
        checkTimeoutMs: 1000,
        budgetTokens: 100_000,
        signal: new AbortController().signal,
      },
    }
    return implementRequest('Raise the price', options, async (result) => result)
  }
  test.each<[string, string]>([
    ['an edit outside', create('../../evil')],
    ['an edit of git', create('.git/hooks/post-checkout')],
    ['a protected file', create('.envrc')],
    ['a file that git ignores', create('.env')],
    ['a rename onto it', rename('src/price.ts', '.env')],
    ['through a link that is committed', create('out-link/evil')],
  ])(
    '%s changes nothing of the user',
    async (_, reply) => {
      execFileSync('git', ['add', '-f', 'out-link', 'file-link'], { cwd: root })
      const before = userState(root)
      const result = await run('open src/price.ts', reply, reply, reply)
      expect([...result.created, ...result.modified, ...result.deleted]).toEqual([])
      expect(userState(root)).toEqual(before)
      expect(readdirSync(outside)).toEqual(['file'])
      expect(read(root, '.env')).toBe('KEY=mine\n')
      mkdirSync(join(root, 'out'), { recursive: true })
    },
    60_000,
  )
})
