import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { pastRepo } from '../helpers/past-repo.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

vi.setConfig({ testTimeout: 60_000 })

const list = (...lines: string[]) => {
  const file = join(scratchFolder(), 'repos.txt')
  writeFileSync(file, lines.join('\n'))
  return file
}
const plan = (file: string, ...args: string[]) => runRepose(['fleet', 'plan', file, ...args], { cwd: scratchFolder() })

// git counts seconds: a commit in the second in which a pass begins would count as made after it
const AN_HOUR_AGO = { GIT_COMMITTER_DATE: new Date(Date.now() - 3_600_000).toISOString() }

/** A clone with two commits of today and one source file more than it has commits. */
function clone(): string {
  const root = pastRepo([{ subject: 'Begin', paths: ['src/a.ts', 'src/b.ts', 'src/c.ts', 'README.md'] }])
  for (const path of ['src/a.ts', 'src/b.ts']) {
    writeFileSync(join(root, path), 'export const value = 2\n')
    execFileSync('git', ['-C', root, 'commit', '-qam', `Change ${path}`], { env: { ...process.env, ...AN_HOUR_AGO } })
  }
  return root
}

test('facts of clones are read from them, a bare one too, and facts of the list count more', async () => {
  const root = clone()
  const bare = join(scratchFolder(), 'bare.git')
  execFileSync('git', ['clone', '-q', '--bare', root, bare])
  const run = await plan(
    list(root, `${bare} waiting=2`, 'shop/books commits=90 stale=400'),
    '--budget',
    '1M',
    '--format',
    'json',
  )
  expect(run.code).toBe(0)
  const { shares } = JSON.parse(run.stdout) as { shares: { repo: { name: string }; drafts: number }[] }
  const of = (name: string) => shares.find(({ repo }) => repo.name === name)
  expect(of(bare)).toMatchObject({ drafts: 2, repo: { commits: 2, waiting: 2, stale: 3, assumed: [] } })
  expect(of(root)).toMatchObject({ repo: { commits: 2, stale: 3 } })
  expect(of('shop/books')).toMatchObject({ repo: { commits: 90, stale: 400, assumed: ['waiting'] } })
})

test('after a pass, only what has changed since is stale, and the backlog counts; the clone stays as it is', async () => {
  const root = clone()
  const repose = (...args: string[]) => runRepose(args, { cwd: root })
  await repose('sleep')
  await repose('backlog', 'add', 'Add a search')
  const before = execFileSync('git', ['-C', root, 'status', '--porcelain'], { encoding: 'utf8' })
  const { shares } = JSON.parse((await plan(list(root), '--budget', '1M', '--format', 'json')).stdout)
  expect(shares).toMatchObject([{ drafts: 1, files: 0, repo: { waiting: 1, stale: 0 } }])
  expect(execFileSync('git', ['-C', root, 'status', '--porcelain'], { encoding: 'utf8' })).toBe(before)
})

test('the formats are a table, a matrix on one line, and a child pipeline', async () => {
  const file = list('shop/books commits=90 stale=400', 'shop/games commits=9 stale=40')
  const run = await plan(file, '--budget', '300k')
  expect(run.stdout).toMatch(/^ *tokens +drafts +files +commits +waiting +stale +repository\n *\d+,000 .* shop\/books/)
  expect(run.stderr).toMatch(/^2 jobs, \d+,000 of 300,000 tokens; 0 repositories rest\n$/)
  const matrix = JSON.parse((await plan(file, '--budget', '300k', '--format', 'github')).stdout)
  expect(matrix).toEqual({
    include: [{ repository: 'shop/books', 'budget-tokens': expect.any(Number) }, expect.anything()],
  })
  const pipeline = parse((await plan(file, '--budget', '300k', '--format', 'gitlab')).stdout)
  expect(pipeline['repose-night-1']).toEqual({
    extends: '.repose-night',
    variables: { REPOSE_REPOSITORY: 'shop/books', REPOSE_BUDGET_TOKENS: expect.stringMatching(/^\d+$/) },
  })
  expect((await plan(file, '--budget', '300k', '--jobs', '1')).stderr).toContain('1 wait')
})

test('a repository that gets nothing stands below, with the reason', async () => {
  const file = list('shop/old commits=0 waiting=0 stale=9', 'shop/done commits=9 waiting=0 stale=0')
  const run = await plan(file, '--budget', '20M')
  expect(run.stdout).toMatch(/^ *0 .* 9 {2}shop\/old \(rests: no commit in 30 days and no request\)$/m)
  expect(run.stdout).toMatch(/^ *0 .* 0 {2}shop\/done \(rests: nothing to draft or to summarise\)$/m)
})

test('a matrix of GitHub has at most 256 jobs', async () => {
  const file = list(...Array.from({ length: 2000 }, (_, i) => `shop/r${i} commits=${i % 200} stale=100`))
  const run = await plan(file, '--budget', '20M', '--format', 'github')
  expect(JSON.parse(run.stdout).include).toHaveLength(256)
  expect(run.stderr).toMatch(/^256 jobs, .* wait for a job\n$/)
})

test.each<[string, string[], string]>([
  ['no budget', [], 'no budget is given'],
  ['an unknown fact', ['shop/books size=3'], 'size=3 is no fact'],
  ['a folder that is gone', ['./gone'], 'there is no folder ./gone'],
  ['a folder without a repository', ['/'], 'no repository with a commit'],
  ['an empty list', ['# nothing'], 'the list is empty'],
])('%s is an error of two lines', async (_, lines, said) => {
  const run = await plan(
    list(...(lines.length > 0 ? lines : ['shop/books'])),
    ...(lines.length > 0 ? ['--budget', '1M'] : []),
  )
  expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^error: .*\nfix: {3}.*\n$/) })
  expect(run.stderr).toContain(said)
})

test('a list that is missing is an error too', async () => {
  expect(await plan('/nowhere.txt', '--budget', '1M')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('cannot be read'),
  })
  const none = await runRepose(['fleet', 'plan', '--budget', '1M'], { cwd: scratchFolder() })
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('one list of repositories is needed') })
})
