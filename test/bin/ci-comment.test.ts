import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { gitHubEnv, pullEvent } from '../helpers/ci-job.ts'
import { type Forge, startForge } from '../helpers/forge-server.ts'
import { pastRepo } from '../helpers/past-repo.ts'
import { runRepose } from '../helpers/run-repose.ts'

vi.setConfig({ testTimeout: 60_000 })

const TOGETHER = { subject: 'Change the parser', paths: ['src/a.ts', 'docs/a.md'] }
const OTHER = { subject: 'Change something else', paths: ['web/b.ts', 'web/b.css'] }
const PAST = [
  { subject: 'Begin', paths: ['src/a.ts', 'web/b.ts', 'web/b.css', 'docs/a.md', 'src/c.ts'] },
  ...Array.from({ length: 9 }, () => [TOGETHER, OTHER]).flat(),
]
const SAID = 'docs/a.md usually changes too: in 9 of the last 9 small commits to src/a.ts'
const SHOWN = '`docs/a.md` usually changes too: in 9 of the last 9 small commits to src/a.ts'

let template: string
let root: string
let forge: Forge
beforeAll(() => {
  template = pastRepo(PAST)
})
beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'repose-ci-')))
  cpSync(template, root, { recursive: true })
  forge = await startForge('github')
})
afterEach(async () => {
  rmSync(root, { recursive: true, force: true })
  await forge.close()
})

const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim()
function commit(...paths: string[]) {
  for (const path of paths) appendFileSync(join(root, path), '// edited\n')
  git('commit', '-qam', `Edit ${paths.join(' and ')}`)
}
/** HEAD as actions/checkout leaves it: a trial merge of the pull request, on no branch. */
function mergeTopic(): { head: string; base: string } {
  const [head, base] = [git('rev-parse', 'topic'), git('rev-parse', 'main')]
  git('checkout', '-q', '--detach', 'main')
  git('merge', '-q', '--no-ff', '-m', 'Merge', 'topic')
  return { head, base }
}
const comment = (env: Record<string, string>, ...args: string[]) =>
  runRepose(['ci', 'comment', ...args], { cwd: root, env })
const bodies = () => forge.comments.map(({ body }) => body)

test('a comment on a pull request is made, left alone, and removed when the pull request is complete', async () => {
  git('checkout', '-qb', 'topic')
  commit('src/a.ts')
  const env = gitHubEnv('pull_request', pullEvent(mergeTopic()), forge.url)
  expect(await comment(env)).toEqual({ code: 0, signal: null, stdout: `- ${SAID}\n`, stderr: 'comment on 7: made\n' })
  expect(bodies()).toEqual([expect.stringContaining(`- ${SHOWN}\n`)])
  expect((await comment(env)).stderr).toBe('comment on 7: unchanged\n')

  git('checkout', '-q', 'topic')
  commit('web/b.ts')
  const more = gitHubEnv('pull_request', pullEvent(mergeTopic()), forge.url)
  expect((await comment(more)).stderr).toBe('comment on 7: edited\n')
  expect(bodies()).toEqual([expect.stringContaining('`web/b.css` usually changes too')])

  git('checkout', '-q', 'topic')
  commit('docs/a.md', 'web/b.css')
  const whole = gitHubEnv('pull_request', pullEvent(mergeTopic()), forge.url)
  expect(await comment(whole, '--json')).toMatchObject({ code: 0, stderr: '' })
  expect(bodies()).toEqual([])
  expect((await comment(whole)).stderr).toBe('comment on 7: none\n')
})

test('what others merged meanwhile is no part of the pull request, although the event tells an older base', async () => {
  const base = git('rev-parse', 'main')
  git('checkout', '-qb', 'topic')
  commit('src/c.ts')
  git('checkout', '-q', 'main')
  commit('src/a.ts')
  const { head } = mergeTopic()
  const env = gitHubEnv('pull_request', pullEvent({ head, base }), forge.url)
  expect(await comment(env)).toMatchObject({ stdout: '', stderr: 'comment on 7: none\n' })
})

test('a branch that is checked out as it is is compared from where it began', async () => {
  git('checkout', '-qb', 'topic')
  commit('src/a.ts')
  const [head, base] = [git('rev-parse', 'topic'), git('rev-parse', 'main')]
  const env = gitHubEnv('pull_request', pullEvent({ head, base }), forge.url)
  expect(await comment(env)).toMatchObject({ stdout: `- ${SAID}\n`, stderr: 'comment on 7: made\n' })
})

test('in a repository with several projects, each has a comment of its own', async () => {
  git('checkout', '-qb', 'topic')
  commit('src/a.ts', 'web/b.ts')
  const env = gitHubEnv('pull_request', pullEvent(mergeTopic()), forge.url)
  expect((await comment(env, '--paths', 'web')).stdout).toMatch(/^- web\/b.css usually changes too.*\n$/)
  expect((await comment({ ...env, REPOSE_PATHS: 'docs\nsrc/**/*.ts\n' })).stdout).toBe(`- ${SAID}\n`)
  expect(bodies()).toHaveLength(2)
  expect((await comment(env, '--paths', 'web/x')).stderr).toBe('comment on 7: none\n')
  expect(bodies()).toHaveLength(2)
  expect((await runRepose(['check', '--base', 'main', '--paths', './src/'], { cwd: root })).stdout).toBe(`${SAID}\n`)
})

test.each<[string, string, object | undefined, string]>([
  ['a fork', 'pull_request', pullEvent({ head: 'a'.repeat(40), base: 'b'.repeat(40), isFork: true }), 'fork'],
  ['a fork that is gone', 'pull_request', forkGone(), 'fork'],
  ['a merge queue', 'merge_group', { merge_group: {} }, 'merge queue'],
  ['a push', 'push', {}, 'the event is push'],
  ['an event with rights for foreign code', 'pull_request_target', {}, 'use pull_request'],
])('%s gets no comment, and no call is made', async (_, name, event, why) => {
  const run = await comment(gitHubEnv(name, event as Record<string, unknown>, forge.url))
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/^nothing to comment on: .*\n$/) })
  expect(run.stderr).toContain(why)
  expect(forge.requests).toEqual([])
})

function forkGone() {
  const event = pullEvent({ head: 'a'.repeat(40), base: 'b'.repeat(40) }) as { pull_request: { head: object } }
  return { ...event, pull_request: { ...event.pull_request, head: { ...event.pull_request.head, repo: null } } }
}

test('without an event file, outside CI, and without a token it says what to do', async () => {
  const env = gitHubEnv('pull_request', undefined, forge.url)
  expect(await comment(env)).toMatchObject({ code: 2, stderr: expect.stringContaining('GITHUB_EVENT_PATH is not set') })
  expect(await comment({ CI: 'true' })).toMatchObject({ code: 2, stderr: expect.stringContaining('this is no job of') })
  git('checkout', '-qb', 'topic')
  commit('src/a.ts')
  const whole = gitHubEnv('pull_request', pullEvent(mergeTopic()), forge.url)
  const tokenless = await comment({ ...whole, GITHUB_TOKEN: '' })
  expect(tokenless).toMatchObject({ code: 2, stderr: expect.stringContaining('GITHUB_TOKEN is not set') })
})

test('a shallow clone says how the history is fetched', async () => {
  git('checkout', '-qb', 'topic')
  commit('src/a.ts')
  const { head, base } = mergeTopic()
  const clone = join(root, 'shallow')
  git('branch', '-q', 'trial')
  execFileSync('git', ['clone', '-q', '--depth', '1', '--branch', 'trial', `file://${root}`, clone])
  const env = gitHubEnv('pull_request', pullEvent({ head, base }), forge.url)
  const run = await runRepose(['ci', 'comment'], { cwd: clone, env })
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('fetch-depth: 0') })
  expect(forge.writes()).toEqual([])
})

test('a merge request of GitLab gets a comment; one of a fork and a merge train do not', async () => {
  const gitlab = await startForge('gitlab')
  onTestFinished(() => gitlab.close())
  git('checkout', '-qb', 'topic')
  commit('src/a.ts')
  const env = {
    ...{ CI: 'true', GITLAB_CI: 'true', GITLAB_TOKEN: 'glpat-0123456789', CI_API_V4_URL: gitlab.url },
    ...{ CI_PROJECT_ID: '5', CI_MERGE_REQUEST_PROJECT_ID: '5', CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '5' },
    ...{ CI_MERGE_REQUEST_IID: '7', CI_MERGE_REQUEST_EVENT_TYPE: 'detached' },
    ...{ CI_MERGE_REQUEST_DIFF_BASE_SHA: git('rev-parse', 'main'), CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: '' },
  }
  expect(await comment(env)).toMatchObject({ code: 0, stdout: `- ${SAID}\n`, stderr: 'comment on 7: made\n' })
  expect(gitlab.comments).toMatchObject([{ author: 'repose-bot', body: expect.stringContaining(SHOWN) }])
  expect(gitlab.requests[0]!.headers['private-token']).toBe('glpat-0123456789')
  const asked = gitlab.requests.length
  const fork = await comment({ ...env, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '6' })
  expect(fork).toMatchObject({ code: 0, stderr: expect.stringContaining('fork') })
  const train = await comment({ ...env, CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train' })
  expect(train).toMatchObject({ code: 0, stderr: expect.stringContaining('merge train') })
  expect(await comment({ ...env, CI_MERGE_REQUEST_IID: '7; id' })).toMatchObject({ code: 2 })
  expect(gitlab.requests).toHaveLength(asked)
})

test('a pull request of Bitbucket gets a comment; one of a fork does not', async () => {
  const bitbucket = await startForge('bitbucket')
  onTestFinished(() => bitbucket.close())
  bitbucket.source = 'shop/books'
  git('checkout', '-qb', 'topic')
  commit('src/a.ts')
  const env = {
    ...{ CI: 'true', BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_TOKEN: 't0ken', BITBUCKET_API_URL: bitbucket.url },
    ...{ BITBUCKET_REPO_FULL_NAME: 'shop/books', BITBUCKET_PR_ID: '7' },
    BITBUCKET_PR_DESTINATION_COMMIT: git('rev-parse', '--short=12', 'main'),
  }
  expect(await comment(env)).toMatchObject({ code: 0, stdout: `- ${SAID}\n`, stderr: 'comment on 7: made\n' })
  expect(bitbucket.comments).toMatchObject([{ body: expect.stringContaining(SHOWN) }])
  bitbucket.source = 'eve/books'
  expect(await comment(env)).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('fork') })
  bitbucket.source = null
  expect((await comment(env)).stderr).toContain('fork')
  expect(bitbucket.writes()).toHaveLength(1)
})
