import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { parse } from 'yaml'
import { ciOf } from '../../bin/commands/ci.ts'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { gitLabPipeline } from '../../src/fleet/job-matrix.ts'
import { gitHubEnv, pullEvent } from '../helpers/ci-job.ts'
import { type Forge, startForge } from '../helpers/forge-server.ts'
import { pastRepo } from '../helpers/past-repo.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

vi.setConfig({ testTimeout: 90_000 })

const read = (path: string) => readFileSync(join(PACKAGE_ROOT, path), 'utf8')
interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Record<string, string>
  readonly env?: Record<string, string>
}
interface Job {
  readonly if: string
  readonly permissions: Record<string, string>
  readonly steps: readonly Step[]
}
const action = parse(read('action.yml')) as {
  inputs: Record<string, { default?: string }>
  runs: { using: string; steps: Step[] }
}
const github = parse(read('docs/ci/github.yml')) as { on: object; permissions: object; jobs: Record<string, Job> }
const gitlab = parse(read('docs/ci/gitlab.yml')) as Record<string, { script: string[]; before_script: string[] }>
const bitbucket = parse(read('docs/ci/bitbucket.yml')) as {
  pipelines: {
    'pull-requests': Record<string, [{ step: { script: string[] } }]>
    custom: Record<string, [{ step: { script: string[] } }]>
  }
}

const ofFleet = parse(read('docs/ci/fleet-github.yml')) as { jobs: Record<string, Job> }
const steps = [
  ...action.runs.steps,
  ...[github, ofFleet].flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps)),
]

test('nothing of an event or input gets into the text of a script', () => {
  const runs = steps
  for (const { run } of runs) expect(run ?? '').not.toContain('${{')
  for (const job of [...Object.values(gitlab)])
    for (const line of job.script ?? []) expect(line).not.toMatch(/eval|TRIGGER_PAYLOAD|_TITLE|_DESCRIPTION/)
})

test('actions of others are pinned by their commit, and every input is one of the action', () => {
  const used = steps.flatMap(({ uses }) => uses ?? [])
  for (const one of used) expect(one).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$|^OWNER\/repose@COMMIT$/)
  for (const { uses, with: inputs = {} } of steps)
    if (uses?.startsWith('OWNER/'))
      for (const name of Object.keys(inputs)) expect(Object.keys(action.inputs)).toContain(name)
})

test('a job has no more rights than it needs, keys are only where no foreign code is, and forks are left out', () => {
  expect(Object.keys(github.on)).toEqual(['pull_request', 'schedule', 'issues'])
  expect(github.permissions).toEqual({})
  const { comment, night, implement } = github.jobs as Record<'comment' | 'night' | 'implement', Job>
  expect(comment.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' })
  expect(comment.if).toContain('head.repo.full_name == github.repository')
  expect(JSON.stringify(comment)).not.toContain('secrets.')
  expect(comment.steps[0]!.with).toMatchObject({ 'fetch-depth': 0, 'persist-credentials': false })
  expect(night.permissions).toEqual({ contents: 'write' })
  expect(implement.permissions).toEqual({ contents: 'write', issues: 'write', 'pull-requests': 'write' })
  const install = action.runs.steps.find(({ run }) => run?.includes('npm ci'))!
  expect(install.env).toBeUndefined()
  expect(implement.steps[0]!.with).toMatchObject({ 'persist-credentials': false })
  const ofGitLab = gitlab['repose-implement']!.script
  const npm = ofGitLab.findIndex((line) => line.endsWith('npm ci'))
  expect(ofGitLab[npm]).toBe('env -u GITLAB_TOKEN -u REPOSE_WRITE_TOKEN -u OPENAI_API_KEY npm ci')
  expect(ofGitLab.findIndex((line) => line.includes('set-url'))).toBeGreaterThan(npm)
})

test('the commands and options that the files name are there', () => {
  const { argument, options } = ciOf(() => undefined)
  const lines = [
    ...Object.values(gitlab).flatMap(({ script = [] }) => script),
    ...stepsOf('comment'),
    ...stepsOf('night'),
  ]
  const calls = lines.filter((line) => line.startsWith('repose '))
  expect(calls).toHaveLength(5)
  for (const call of calls) {
    const [, , name, ...rest] = call.split(' ')
    expect(argument!.choices).toContain(name)
    for (const word of rest.filter((one) => one.startsWith('--')))
      expect(options.map(({ flags }) => flags.split(' ')[0])).toContain(word)
  }
  const known = new Set(options.flatMap(({ env }) => env ?? []))
  const given = Object.keys(action.runs.steps.at(-1)!.env!).filter((name) =>
    /^REPOSE_(?!MODEL|CI_COMMAND|CI_LOGIN)/.test(name),
  )
  for (const name of given) expect(known).toContain(name)
})

function stepsOf(name: 'comment' | 'night'): string[] {
  const { 'pull-requests': pulls, custom } = bitbucket.pipelines
  return (name === 'comment' ? pulls['**'] : custom['repose-night'])![0].step.script
}

let tools: string
beforeAll(() => {
  tools = scratchFolder()
  writeFileSync(
    join(tools, 'repose'),
    `#!/bin/sh\nexec '${process.execPath}' '${join(PACKAGE_ROOT, 'dist/bin/repose.js')}' "$@"\n`,
  )
  for (const name of ['npm', 'apt-get']) writeFileSync(join(tools, name), `#!/bin/sh\necho ${name} "$@" >&2\n`) // they need a network
  for (const name of ['repose', 'apt-get']) chmodSync(join(tools, name), 0o755)
})

/** Runs lines of a script as a job does, with the programs above; not those that build repose, which need a network. */
async function runLines(cwd: string, lines: readonly string[], env: Record<string, string>) {
  const home = scratchFolder()
  const { GIT_CONFIG_NOSYSTEM = '', GIT_CONFIG_GLOBAL = '' } = process.env
  const child = spawn(
    'bash',
    ['-euo', 'pipefail', '-c', lines.filter((line) => !line.includes('/opt/repose')).join('\n')],
    {
      cwd,
      env: { ...{ PATH: `${tools}:${process.env.PATH}`, HOME: home, GIT_CONFIG_NOSYSTEM, GIT_CONFIG_GLOBAL }, ...env },
    },
  )
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ])
  return { code, stdout, stderr }
}

const TOGETHER = { subject: 'Change the parser', paths: ['src/a.ts', 'docs/a.md'] }

/** A clone on a branch that changes one of two files that belong together. */
function topic() {
  const root = pastRepo([
    { subject: 'Begin', paths: ['src/a.ts', 'docs/a.md', 'b.ts'] },
    ...Array.from({ length: 9 }, () => TOGETHER),
  ])
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim()
  const remote = join(scratchFolder(), 'books.git')
  execFileSync('git', ['clone', '-q', '--bare', root, remote])
  git('remote', 'add', 'origin', remote)
  const base = git('rev-parse', 'HEAD')
  git('checkout', '-q', '-b', 'topic')
  writeFileSync(join(root, 'src/a.ts'), 'changed\n')
  git('commit', '-qam', 'Change a')
  return { root, base, head: git('rev-parse', 'HEAD'), git }
}

async function forgeOf(kind: Parameters<typeof startForge>[0]): Promise<Forge> {
  const forge = await startForge(kind)
  onTestFinished(() => forge.close())
  return forge
}

/** The environment that the last step of the action gets for these inputs. */
function stepEnv(inputs: Record<string, string>, token: string): Record<string, string> {
  const value = (expression: string) => {
    const name = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression)![1]!
    return inputs[name] ?? (name === 'token' ? token : '')
  }
  return Object.fromEntries(Object.entries(action.runs.steps.at(-1)!.env!).map(([name, one]) => [name, value(one)]))
}

const script = action.runs.steps.at(-1)!.run!

test.skipIf(isWindows)(
  'the script of the action comments on a pull request, and runs nothing of an input',
  async () => {
    const { root, base, head } = topic()
    const forge = await forgeOf('github')
    const job = { ...gitHubEnv('pull_request', pullEvent({ head, base }), forge.url), GITHUB_ACTION_PATH: PACKAGE_ROOT }
    const run = await runLines(root, [script], { ...job, ...stepEnv({ command: 'comment' }, 'ghs-0') })
    expect(run).toMatchObject({ code: 0, stderr: 'comment on 7: made\n' })
    expect(forge.comments).toHaveLength(1)
    const mark = join(scratchFolder(), 'mark')
    for (const evil of [
      `$(touch ${mark})`,
      `comment; touch ${mark}`,
      `comment" ; touch ${mark} ; "`,
      `--help\ntouch ${mark}`,
    ]) {
      const hostile = stepEnv(
        { command: evil, paths: evil, label: evil, check: evil, 'budget-tokens': evil, login: evil },
        evil,
      )
      expect((await runLines(root, [script], { ...job, ...hostile })).code).not.toBe(0)
    }
    expect(() => readFileSync(mark)).toThrow()
  },
)

test.skipIf(isWindows)('the lines for GitLab run: a comment, and a night', async () => {
  const { root, base, git } = topic()
  const forge = await forgeOf('gitlab')
  const all = {
    CI: 'true',
    GITLAB_CI: 'true',
    CI_PROJECT_ID: '5',
    CI_API_V4_URL: forge.url,
    GITLAB_TOKEN: 't',
    REPOSE: 'git+https://x',
  }
  const lines = (name: string) => [...gitlab['.repose']!.before_script, ...gitlab[name]!.script]
  const run = await runLines(root, lines('repose-comment'), {
    ...all,
    ...{ CI_MERGE_REQUEST_IID: '7', CI_MERGE_REQUEST_PROJECT_ID: '5', CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '5' },
    CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
  })
  expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('comment on 7: made') })
  git('checkout', '-q', 'main')
  const night = await runLines(
    root,
    lines('repose-night').filter((line) => !line.includes('set-url')),
    {
      ...all,
      ...{ CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' },
    },
  )
  expect(night).toMatchObject({ code: 0, stdout: expect.stringContaining('written') })
})

test.skipIf(isWindows)('the lines for Bitbucket run: a comment, and a night', async () => {
  const { root, base, git } = topic()
  const forge = await forgeOf('bitbucket')
  forge.source = 'shop/books'
  const all = {
    CI: 'true',
    BITBUCKET_BUILD_NUMBER: '1',
    BITBUCKET_REPO_FULL_NAME: 'shop/books',
    REPOSE: 'git+https://x',
  }
  const run = await runLines(root, stepsOf('comment'), {
    ...{ ...all, BITBUCKET_API_URL: forge.url, BITBUCKET_TOKEN: 't', BITBUCKET_PR_ID: '7' },
    BITBUCKET_PR_DESTINATION_COMMIT: base.slice(0, 12),
  })
  expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('comment on 7: made') })
  git('checkout', '-q', 'main')
  expect(await runLines(root, stepsOf('night'), all)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('written'),
  })
})

test.skipIf(isWindows)('the lines for a fleet run: a plan, and a night of its child pipeline', async () => {
  const { root, git } = topic()
  git('checkout', '-q', 'main')
  const home = scratchFolder()
  writeFileSync(join(home, 'repos.txt'), `${root} commits=30\n`)
  const file = parse(read('docs/ci/fleet-gitlab.yml')) as Record<string, { script: string[] }>
  const env = {
    CI: 'true',
    GITLAB_CI: 'true',
    CI_COMMIT_BRANCH: 'main',
    CI_DEFAULT_BRANCH: 'main',
    REPOSE: 'git+https://x',
  }
  const planned = await runLines(home, file['repose-plan']!.script, env)
  expect(planned).toMatchObject({ code: 0, stderr: expect.stringContaining('1 job, ') })
  const child = parse(readFileSync(join(home, 'night.yml'), 'utf8'))
  const [script, variables] = [child['.repose-night'].script, child['repose-night-1'].variables]
  const night = await runLines(home, script, { ...env, ...variables })
  expect(night).toMatchObject({ code: 0, stdout: expect.stringContaining('written') })
  const [output, temp] = [join(home, 'output'), scratchFolder()]
  symlinkSync(PACKAGE_ROOT, join(temp, 'repose'))
  const step = ofFleet.jobs.plan!.steps.find(({ run }) => run?.includes('fleet plan'))!
  expect(await runLines(home, [step.run!], { GITHUB_OUTPUT: output, RUNNER_TEMP: temp })).toMatchObject({ code: 0 })
  const [line] = readFileSync(output, 'utf8').split('\n')
  expect(JSON.parse(line!.replace('matrix=', ''))).toMatchObject({ include: [{ repository: root }] })
})

test('every file builds repose at a commit, and outside the checkout', () => {
  const files = ['gitlab.yml', 'bitbucket.yml', 'fleet-gitlab.yml'].map((name) => read(`docs/ci/${name}`))
  const child = gitLabPipeline([])
  for (const text of [...files, child])
    for (const line of [
      'git clone -q -- "$REPOSE" /opt/repose',
      'git -C /opt/repose checkout -q "$REPOSE_COMMIT"',
      'npm --prefix /opt/repose ci --no-audit --no-fund',
    ])
      expect(text).toContain(line)
})
