import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { gitHubEnv, type LabelFields, labelEvent } from '../helpers/ci-job.ts'
import { type Forge, startForge } from '../helpers/forge-server.ts'
import { type ModelServer, reply, startModelServer } from '../helpers/model-server.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo } from '../repo/scratch-repo.ts'
import { whyNoCage } from '../verify/cage-lab.ts'

vi.setConfig({ testTimeout: 90_000 })

const noCage = whyNoCage()
if (noCage !== null) console.log(`no checks in the cage: ${noCage}`)

const EDIT = '@@ replace src/price.js\n<<<<<<< find\nprice = 1\n======= replace\nprice = 2\n>>>>>>> end\n'
const CHECK = `grep -q 'price = [12]' src/price.js`
const ISSUE = { title: 'Raise the price', body: 'To two, please. cc @shop/all, fixes #1' }

let root: string
let remote: string
let forge: Forge
let model: ModelServer
beforeEach(async () => {
  root = scratchRepo({ 'src/price.js': 'export const price = 1\n', '.github/workflows/ci.yml': 'on: push\n' })
  remote = join(scratchFolder(), 'books.git')
  execFileSync('git', ['clone', '-q', '--bare', root, remote])
  git('remote', 'add', 'origin', remote)
  git('checkout', '-q', '--detach') // as actions/checkout may leave it
  forge = await startForge('github')
  forge.permissions = { ada: 'write', grace: 'maintain', rob: 'read', tim: 'triage' }
  model = await startModelServer(scripted([reply('open src/price.js\n'), reply(EDIT)]))
})
afterEach(() => Promise.all([forge.close(), model.close()]))

/** Replies of the model for several runs. */
const scripted = <T>(run: readonly T[]): T[] => Array.from({ length: 4 }, () => run).flat()
const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim()
const inRemote = (...args: string[]) => execFileSync('git', ['-C', remote, ...args], { encoding: 'utf8' }).trim()
const branches = () => inRemote('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n')
function implement(
  issue: LabelFields,
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
) {
  return runRepose(['ci', 'implement', ...args], {
    cwd: root,
    env: {
      ...gitHubEnv('issues', labelEvent(issue), forge.url),
      ...{ OPENAI_BASE_URL: model.baseUrl, REPOSE_MODEL: 'scripted', ...env },
    },
  })
}

test('the label of somebody who may write makes a branch and a pull request that says what it read, spent and lacks', async () => {
  const run = await implement(ISSUE)
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('https://github.com/shop/books/pull/1347') })
  expect(branches()).toContain('repose/issue-12')
  expect(inRemote('diff', '--stat', '--format=', 'HEAD', 'repose/issue-12')).toContain('src/price.js | 2 +-')
  expect(inRemote('log', '-1', '--format=%an%n%B', 'repose/issue-12')).toBe(
    'repose\nRaise the price\n\nMade by repose for issue 12.',
  )
  const [pull] = forge.pulls as [Record<string, string>]
  expect(pull).toMatchObject({ title: 'Raise the price', head: 'repose/issue-12', base: 'main' })
  expect(pull.body).toContain('Closes #12.')
  expect(pull.body).toContain('**Read**\n\n- `src/price.js`')
  expect(pull.body).toMatch(/\*\*Spent\*\*\n\n- \d+ tokens in 2 calls \(\d+ in, \d+ out\), price unknown/)
  expect(pull.body).toContain('**Not done**\n\n- nothing')
  expect(pull.body).not.toMatch(/@shop|#1\b(?!2)/)
  expect(forge.comments).toEqual([])
  expect(git('status', '--porcelain')).toBe('')
  expect(git('for-each-ref', 'refs/heads').split('\n')).toHaveLength(1)

  const again = await implement(ISSUE)
  expect(again).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('has the branch repose/issue-12'),
  })
  expect(forge.pulls).toHaveLength(1)
})

test.skipIf(noCage !== null)(
  'its checks run in the cage, and a failure is told on the issue instead of a pull request',
  async () => {
    const passed = await implement(ISSUE, { args: ['--check', CHECK] })
    expect(passed.code).toBe(0)
    expect((forge.pulls[0] as Record<string, string>).body).toContain(`- \`${CHECK}\`: passed in a cage`)
    const failing = `test "$(cat /proc/1/comm)" = none; echo "fails: @ada" && grep -q 'price = 3' src/price.js`
    const failed = await implement({ ...ISSUE, number: 13 }, { args: ['--check', failing, '--json'] })
    expect(failed.code).toBe(1)
    expect(JSON.parse(failed.stdout)).toMatchObject({
      branch: 'repose/issue-13',
      pull: null,
      stop: expect.not.stringMatching('done'),
    })
    expect(branches()).not.toContain('repose/issue-13')
    expect(forge.comments).toMatchObject([{ body: expect.stringContaining('No pull request was made') }])
    expect(forge.comments[0]!.body).not.toMatch(/^ {0,3}[^ `-].*@ada/m)
  },
)

test.skipIf(noCage !== null)('the configuration of the user cannot let its checks out of the cage', async () => {
  const home = scratchFolder()
  mkdirSync(join(home, 'repose'))
  writeFileSync(join(home, 'repose/config.json'), JSON.stringify({ checks: { uncaged: true } }))
  const mark = join(scratchFolder(), 'ran')
  const check = `touch '${mark}'; env; cat .git/config; true`
  const run = await implement(ISSUE, { args: ['--check', check], env: { XDG_CONFIG_HOME: home } })
  expect(run.code).toBe(0)
  expect(existsSync(mark)).toBe(false)
})

test('files that decide what runs stay as they are, also if the issue names them', async () => {
  await model.close()
  const workflow = '@@ create .github/workflows/x.yml\n<<<<<<< text\non: push\n>>>>>>> end\n'
  model = await startModelServer(
    scripted([reply('open src/price.js\n'), reply(`${workflow}${EDIT}`), reply('complete')]),
  )
  const run = await implement({ ...ISSUE, body: 'Change .github/workflows/x.yml too' })
  expect(run.code).toBe(0)
  expect(inRemote('diff', '--name-only', 'HEAD', 'repose/issue-12')).toBe('src/price.js')
  expect((forge.pulls[0] as Record<string, string>).body).toContain(
    '`.github/workflows/x.yml` was not changed: it is protected',
  )
})

test.each<[string, LabelFields, string]>([
  ['a reader', { by: 'rob' }, 'rob set the label, and may not push'],
  ['somebody who may only triage', { by: 'tim' }, 'tim set the label, and may not push'],
  ['a stranger', { by: 'eve' }, 'eve set the label, and may not push'],
  ['the bot itself', { by: 'repose-bot' }, 'a bot set the label'],
  ['another bot', { by: 'dependabot[bot]', byType: 'Bot' }, 'a bot set the label'],
  ['another label', { label: 'bug' }, 'the label is bug'],
  ['a label in capitals', { label: 'Repose' }, 'the label is Repose'],
])('%s gets no pull request, and no model is asked', async (_, issue, why) => {
  const run = await implement({ ...ISSUE, ...issue })
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(`nothing to implement: ${why}`) })
  expect(model.requests).toEqual([])
  expect([...forge.writes(), ...forge.pulls]).toEqual([])
  expect(branches()).toEqual(['main'])
})

test('a maintainer may ask, also with a label of another name', async () => {
  const run = await implement(
    { ...ISSUE, by: 'grace', label: 'please build' },
    { env: { REPOSE_CI_LABEL: 'please build' } },
  )
  expect(run.code).toBe(0)
  expect(forge.pulls).toHaveLength(1)
})

test('an event of a fork, of a pull request, or of a closed issue is none', async () => {
  const event = labelEvent(ISSUE) as { issue: object; repository: object }
  const cases = [
    [{ ...event, repository: { ...event.repository, full_name: 'eve/books' } }, 'another repository'],
    [{ ...event, issue: { ...event.issue, pull_request: { url: 'x' } } }, 'on a pull request'],
    [{ ...event, issue: { ...event.issue, state: 'closed' } }, 'the issue is closed'],
    [{ ...event, action: 'unlabeled' }, 'no label was added'],
  ] as const
  for (const [changed, why] of cases) {
    const run = await runRepose(['ci', 'implement'], { cwd: root, env: gitHubEnv('issues', changed, forge.url) })
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining(why) })
  }
  expect(forge.writes()).toEqual([])
})

test('without a key two lines say so, before anything is changed', async () => {
  const run = await implement(ISSUE, { env: { OPENAI_BASE_URL: '', REPOSE_MODEL: '' } })
  expect(run).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: no key and no endpoint is set\nfix: /) })
  expect(forge.writes()).toEqual([])
})

test('a host that opens no pull request is told with what helps, and the branch is there', async () => {
  forge.refuse = ({ method, path }) =>
    method === 'POST' && path.endsWith('/pulls')
      ? [403, { message: 'GitHub Actions is not permitted to create or approve pull requests.' }]
      : null
  const run = await implement(ISSUE)
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(/error: GitHub refused to open a pull request \(403: GitHub Actions is not permitted/)
  expect(branches()).toContain('repose/issue-12')
})

test('a remote that refuses the branch is told, without its password', async () => {
  const hook = join(remote, 'hooks/pre-receive')
  writeFileSync(hook, '#!/bin/sh\necho no >&2\nexit 1\n', { mode: 0o755 })
  const run = await implement(ISSUE)
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('the remote origin did not take it') })
  expect(forge.pulls).toEqual([])
  git('remote', 'set-url', 'origin', 'https://user:t0pS3cret@127.0.0.1:1/x.git')
  const gone = await implement(ISSUE)
  expect(gone.code).toBe(1)
  expect(gone.stderr).not.toContain('t0pS3cret')
})

test('on GitHub the token of the step logs in, on the server of the job alone', async () => {
  const seen: (string | undefined)[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  git('remote', 'set-url', 'origin', `${address}/shop/books.git`)
  git('config', `http.${address}/.extraheader`, 'AUTHORIZATION: basic b2xk') // what actions/checkout may have left
  const run = await implement(ISSUE, { env: { GITHUB_SERVER_URL: address } })
  expect(run.code).toBe(1)
  expect(seen).toEqual([`basic ${Buffer.from('x-access-token:ghs-0123456789').toString('base64')}`])
  expect(git('config', '--local', '--list')).not.toContain('Z2hz')
  await implement(ISSUE, { env: { GITHUB_SERVER_URL: 'https://github.com' } })
  expect(seen.slice(1)).toEqual(['basic b2xk'])
})

test('a label of GitLab that a developer set makes a merge request', async () => {
  const gitlab = await startForge('gitlab')
  onTestFinished(() => gitlab.close())
  gitlab.permissions = { ada: 30, rob: 20 }
  const payload = (username: string, previous: string[] = []) => ({
    ...{
      object_kind: 'issue',
      event_type: 'issue',
      user: { id: 1, username },
      project: { id: 5, default_branch: 'main' },
    },
    object_attributes: {
      id: 301,
      iid: 12,
      title: ISSUE.title,
      description: ISSUE.body,
      state: 'opened',
      action: 'update',
    },
    changes: {
      labels: { previous: previous.map((title) => ({ title })), current: [{ title: 'bug' }, { title: 'repose' }] },
    },
  })
  const run = (event: object) => {
    const file = join(scratchFolder(), 'payload')
    writeFileSync(file, JSON.stringify(event))
    return runRepose(['ci', 'implement'], {
      cwd: root,
      env: {
        ...{
          CI: 'true',
          GITLAB_CI: 'true',
          CI_PROJECT_ID: '5',
          CI_API_V4_URL: gitlab.url,
          GITLAB_TOKEN: 'glpat-0123456789',
        },
        ...{ TRIGGER_PAYLOAD: file, OPENAI_BASE_URL: model.baseUrl, REPOSE_MODEL: 'scripted' },
      },
    })
  }
  expect((await run(payload('rob'))).stderr).toContain('rob set the label, and may not push')
  expect((await run(payload('ada', ['repose']))).stderr).toContain('the label is bug')
  expect((await run(payload('project_5_bot_a1'))).stderr).toContain('a bot set the label')
  const open = payload('ada')
  const confidential = { ...open, object_attributes: { ...open.object_attributes, confidential: true } }
  expect((await run(confidential)).stderr).toContain('the issue is confidential')
  expect(await run(open)).toMatchObject({ code: 0, stdout: expect.stringContaining('/-/merge_requests/3') })
  expect(gitlab.pulls).toMatchObject([{ source_branch: 'repose/issue-12', target_branch: 'main', title: ISSUE.title }])
})

test('Bitbucket, whose issues have no labels, says so', async () => {
  const run = await runRepose(['ci', 'implement'], { cwd: root, env: { CI: 'true', BITBUCKET_BUILD_NUMBER: '3' } })
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('issues of Bitbucket have no labels') })
})

test('a clone that is copied elsewhere works the same, with its remote by another name', async () => {
  const copy = join(scratchFolder(), 'copy')
  cpSync(root, copy, { recursive: true })
  execFileSync('git', ['-C', copy, 'remote', 'rename', 'origin', 'upstream'])
  root = copy
  expect(await implement(ISSUE)).toMatchObject({ code: 1, stderr: expect.stringContaining('the remote origin') })
  expect((await implement(ISSUE, { args: ['--remote', 'upstream'] })).code).toBe(0)
  expect((await implement(ISSUE, { args: ['--remote', '--upload-pack=touch /tmp/x'] })).code).toBe(1)
})
