import { rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { openWorkspace } from '../../agents/feature/workspace.ts'
import { listFolder } from '../../agents/plain/list-folder.ts'
import { searchFiles } from '../../agents/plain/search-files.ts'
import { mineFeatures } from '../../src/history/mine-features.ts'
import { readAdditions } from '../../src/indexing/read-additions.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { applyToTree, commitToBranch } from '../../src/repo/apply-result.ts'
import { listFiles } from '../../src/repo/list-files.ts'
import { listTree } from '../../src/repo/list-tree.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { reachableCommits, readCommits } from '../../src/repo/read-commits.ts'
import { remoteAddress } from '../../src/repo/remote-address.ts'
import { openWorktree, sweepWorktrees } from '../../src/repo/worktree.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import { openStore } from '../../src/store/open-store.ts'
import { isWindows } from '../helpers/platform.ts'
import { read, scratchFolder, scratchRepo, sh, write } from './scratch-repo.ts'

afterEach(() => void vi.unstubAllEnvs())

// All that changes what git prints, or what it does where it is not told.
const SETTINGS = `
[user]
	name = Ada
	email = ada@example.org
[color]
	ui = always
	grep = always
	status = always
	diff = always
	branch = always
[column]
	ui = always
[core]
	quotePath = false
	abbrev = 5
	pager = false
	safecrlf = true
	autocrlf = input
	untrackedCache = true
	splitIndex = true
	commentChar = auto
[status]
	showUntrackedFiles = no
	relativePaths = true
	short = true
	branch = true
	showStash = true
	submoduleSummary = true
	aheadBehind = false
	renames = copies
[diff]
	noprefix = true
	mnemonicPrefix = true
	renames = copies
	renameLimit = 1
	algorithm = histogram
	ignoreSubmodules = all
	relative = true
	interHunkContext = 99
	context = 0
	colorMoved = zebra
	wsErrorHighlight = all
	suppressBlankEmpty = true
	statGraphWidth = 4
	wordRegex = .
	submodule = log
	orderFile = ORDER
[grep]
	lineNumber = false
	column = true
	fullName = true
	patternType = fixed
	fallbackToNoIndex = true
[log]
	decorate = full
	showSignature = true
	follow = true
	mailmap = true
	showRoot = false
	diffMerges = combined
	date = relative
	abbrevCommit = true
[mailmap]
	file = /dev/zero
[format]
	pretty = oneline
	signOff = true
[i18n]
	logOutputEncoding = ISO-8859-1
	commitEncoding = UTF-8
[apply]
	whitespace = fix
	ignoreWhitespace = change
[submodule]
	recurse = true
[safe]
	bareRepository = explicit
[worktree]
	guessRemote = true
	useRelativePaths = true
[checkout]
	defaultRemote = nowhere
	workers = 2
[commit]
	gpgSign = true
	cleanup = scissors
[gc]
	auto = 1
[index]
	threads = 2
	version = 4
[feature]
	manyFiles = true
[fetch]
	recurseSubmodules = true
[clean]
	requireForce = true
[advice]
	detachedHead = true
[merge]
	renames = false
[push]
	default = nothing
[trace2]
	normalTarget = 1
`

function makeRepo(): string {
  const root = scratchRepo({
    'src/a.ts': 'export const a = 1\n'.repeat(9),
    'src/b.ts': "import { a } from './a.ts'\nexport const b = a\n",
    'größe.md': '# Größe\n',
    'gone.txt': 'gone\n',
  })
  for (const [n, name] of ['one', 'two', 'three'].entries()) {
    sh(root, 'mv', n === 0 ? 'src/a.ts' : `src/a${n}.ts`, `src/a${n + 1}.ts`)
    write(root, `src/${name}.ts`, `export const ${name} = 1\n`)
    write(root, 'src/b.ts', `import { a } from './a${n + 1}.ts'\nexport const b = a + ${n}\n`)
    sh(root, 'add', '-A')
    sh(root, 'commit', '-q', '-m', `Füge ${name} hinzu`)
  }
  sh(root, 'remote', 'add', 'origin', 'https://example.org/shop.git')
  write(root, 'src/one.ts', 'export const one = 2\n')
  write(root, 'new/file.ts', 'export const fresh = 1\n')
  unlinkSync(join(root, 'gone.txt'))
  if (!isWindows) symlinkSync('src', join(root, 'link'))
  return root
}

async function allThatIsRead(root: string): Promise<object> {
  const repo = await openRepo(root)
  const store = openStore(':memory:')
  const { worktree, ...facts } = await refreshFacts(repo, store, { maxFileBytes: 1e6, maxCommits: 10, processes: 1 })
  const workspace = openWorkspace(root)
  const agent = await openWorktree(root)
  try {
    rmSync(join(agent.root, 'src/two.ts'))
    write(agent.root, 'src/b.ts', 'export const b = 9  \n')
    write(agent.root, 'made/größe.ts', 'export const made = 1\n')
    const result = { head: agent.head, diff: await agent.diff() }
    return {
      repo,
      listing: await listFiles(root, { maxFileBytes: 1e6 }),
      tree: await listTree(root, 'HEAD~1'),
      facts: { ...facts, ms: 0 },
      files: store.facts.files(worktree),
      commits: await readCommits(root, await reachableCommits(root, repo.head, 10)),
      additions: await readAdditions(root, repo.head),
      features: await mineFeatures(root, repo.head, { limit: 9 }),
      remote: await remoteAddress(root),
      search: await workspace.search('const (a|one)'),
      inFolder: await workspace.search('const', ['src']),
      exists: [...(await workspace.existing(['src', 'src/b.ts', 'nowhere']))],
      folder: await listFolder(root, 'src'),
      plain: await searchFiles(root, 'const (a|one)', '.', secretKeeper()),
      changes: await agent.changes(),
      diff: result.diff,
      branch: {
        ...(await commitToBranch(root, result, 'repose/x', 'Change')),
        commit: sh(root, 'rev-parse', 'repose/x^{tree}'),
      },
      applied: await applyToTree(root, result.diff),
      after: [
        read(root, 'src/b.ts'),
        read(root, 'made/größe.ts'),
        sh(root, '-c', 'color.ui=never', '-c', 'status.short=false', 'status', '--porcelain', '-z', '-uall'),
      ],
    }
  } finally {
    await agent.close()
    await sweepWorktrees(root)
    store.close()
  }
}

test('nothing that is read or written depends on how the user has git print and behave', async () => {
  const root = makeRepo()
  const copy = join(scratchFolder(), 'copy')
  sh(root, 'config', 'core.autocrlf', 'false')
  vi.stubEnv('GIT_COMMITTER_DATE', '2026-01-01T00:00:00Z')
  const { cpSync } = await import('node:fs')
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  const plain = await allThatIsRead(root)
  const home = scratchFolder()
  writeFileSync(join(home, 'order'), '*.md\n*b.ts\n')
  writeFileSync(join(home, 'config'), SETTINGS.replace('ORDER', join(home, 'order').replaceAll('\\', '/')))
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(home, 'config'))
  const odd = await allThatIsRead(copy)
  const normal = (value: object) =>
    JSON.parse(JSON.stringify(value).replaceAll(JSON.stringify(copy).slice(1, -1), JSON.stringify(root).slice(1, -1)))
  expect(normal(odd)).toEqual(normal(plain))
}, 120_000)
