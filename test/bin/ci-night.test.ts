import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Command } from '../../bin/command.ts'
import { ciOf } from '../../bin/commands/ci.ts'
import { COMMANDS } from '../../bin/commands/index.ts'
import { Wire } from '../../bin/wire.ts'
import { UserError } from '../../src/errors.ts'
import { KeptOutput } from '../attack/run-here.ts'
import { gitHubEnv } from '../helpers/ci-job.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { runRepose } from '../helpers/run-repose.ts'

vi.setConfig({ testTimeout: 60_000 })

let shop: FixtureRepo
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterEach(() => shop.dispose())

const schedule = (changes: object = {}) =>
  gitHubEnv(
    'schedule',
    { schedule: '17 3 * * *', repository: { default_branch: 'main' }, ...changes },
    'http://127.0.0.1:1',
  )
const night = (env: Record<string, string>, ...args: string[]) =>
  runRepose(['ci', 'night', ...args], { cwd: shop.root, env })

test('without a key a night still writes what needs no model, and one line says so', async () => {
  const hasPush = COMMANDS.some(({ name }) => name === 'push')
  await shop.git('checkout', '-q', '--detach')
  const run = await night(schedule())
  expect(run.stderr).toContain('note: no model is set, so summaries are put together from comments and facts')
  expect(run.stdout).toMatch(/\d+ summaries written/)
  if (!hasPush) expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('has no push') })
})

test.each<[string, Record<string, string>, string]>([
  ['a pull request', { GITHUB_EVENT_NAME: 'pull_request' }, 'the event is pull_request'],
  ['a pull request with rights', { GITHUB_EVENT_NAME: 'pull_request_target' }, 'the event is pull_request_target'],
  ['a merge queue', { GITHUB_EVENT_NAME: 'merge_group' }, 'the event is merge_group'],
  ['another branch', { GITHUB_REF_NAME: 'topic' }, 'it runs on topic, and not on main'],
])('%s gets no night', async (_, env, why) => {
  const run = await night({ ...schedule(), ...env })
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: `no night for this job: ${why}\n` })
})

test('a pipeline of GitLab or Bitbucket for a change that is not merged gets none either', async () => {
  expect((await night({ GITLAB_CI: 'true', CI_MERGE_REQUEST_IID: '7' })).stderr).toContain('for a merge request')
  const branch = { GITLAB_CI: 'true', CI_COMMIT_BRANCH: 'topic', CI_DEFAULT_BRANCH: 'main' }
  expect((await night(branch)).stderr).toContain('it runs on topic, and not on main')
  expect((await night({ BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_PR_ID: '7' })).stderr).toContain('for a pull request')
  expect(await night(schedule(), '--json')).toMatchObject({ code: 2, stdout: '' })
})

test('outside of a job there is no night', async () => {
  const run = await night({})
  expect(run).toMatchObject({ code: 2, stdout: '' })
  expect(run.stderr).toMatch(/^error: this is no job of GitHub Actions, GitLab CI or Bitbucket Pipelines\nfix: /)
})

test('the store is fetched before the pass and pushed after it; one that is not there yet does not end the night', async () => {
  const output = new KeptOutput()
  const done = (name: string, error?: Error): Command => ({
    ...{ name, summary: '', options: [], examples: [] },
    async run(wire, _, { remote }) {
      wire.say(`[${name} ${remote}]`)
      if (error) throw error
      return 0
    },
  })
  const others = [done('pull', new UserError('there is no store', 'push one')), done('push')]
  const wire = new Wire({ repo: shop.root, json: false }, output, new AbortController().signal)
  vi.stubEnv('GITHUB_ACTIONS', 'false')
  vi.stubEnv('BITBUCKET_BUILD_NUMBER', '1')
  const code = await ciOf((name) => others.find((one) => one.name === name)).run(wire, 'night', { remote: 'upstream' })
  await wire.close()
  vi.unstubAllEnvs()
  expect(code).toBe(0)
  expect(output.said).toMatch(
    /\[pull upstream\]note: the store was not fetched: there is no store.*summaries written.*\[push upstream\]$/s,
  )
})
