import { UserError } from '../errors.ts'
import { bitbucketHost } from './bitbucket-host.ts'
import { bitbucketPull } from './bitbucket-job.ts'
import { gitHubHost } from './github-host.ts'
import { gitHubLabel, gitHubPull, notGitHubNight } from './github-job.ts'
import { gitLabHost } from './gitlab-host.ts'
import { gitLabLabel, gitLabPull, notGitLabNight } from './gitlab-job.ts'
import type { Host, IssueHost } from './host.ts'
import { type Environment, type LabelJob, type PullJob, type Skipped, skipped } from './job.ts'

const NAME = /^[\w.-]+\/[\w.-]+$/

/** The pull request that this CI job runs for, and the host that keeps it. Throws UserError outside CI, and for a token that is missing. */
export async function pullOfJob(env: Environment): Promise<Skipped | (PullJob & { readonly host: Host })> {
  const system = systemOf(env)
  if (system === 'bitbucket') {
    const job = bitbucketPull(env)
    if (job.kind === 'skipped') return job
    const repository = nameOf(env, 'BITBUCKET_REPO_FULL_NAME')
    const api = env.BITBUCKET_API_URL || 'https://api.bitbucket.org/2.0'
    const host = bitbucketHost({ api, repository, token: tokenOf(env, 'BITBUCKET_TOKEN'), self: selfOf(env) })
    if ((await host.sourceOf(job.number)) !== repository) return skipped('the pull request comes from a fork')
    return { ...job, host }
  }
  const job = system === 'github' ? gitHubPull(env) : gitLabPull(env)
  return job.kind === 'skipped' ? job : { ...job, host: issueHost(system, env) }
}

/** The label that this CI job runs for, and the host of its issue. wanted: the label that is looked for. Throws like pullOfJob(). */
export function labelOfJob(env: Environment, wanted: string): Skipped | (LabelJob & { readonly host: IssueHost }) {
  const system = systemOf(env)
  if (system === 'bitbucket')
    throw new UserError('issues of Bitbucket have no labels', 'run repose implement in a pipeline of your own')
  const job = system === 'github' ? gitHubLabel(env) : gitLabLabel(env, wanted)
  return job.kind === 'skipped' ? job : { ...job, host: issueHost(system, env) }
}

/** Why this CI job is not one for the night (it runs for a change that is not merged yet); null: it is. Throws UserError outside CI. */
export function notForNight(env: Environment): string | null {
  const system = systemOf(env)
  if (system === 'github') return notGitHubNight(env)
  if (system === 'gitlab') return notGitLabNight(env)
  return env.BITBUCKET_PR_ID ? 'the pipeline is for a pull request' : null
}

function systemOf(env: Environment): 'github' | 'gitlab' | 'bitbucket' {
  if (env.GITHUB_ACTIONS === 'true') return 'github'
  if (env.GITLAB_CI === 'true') return 'gitlab'
  if (env.BITBUCKET_BUILD_NUMBER) return 'bitbucket'
  throw new UserError(
    'this is no job of GitHub Actions, GitLab CI or Bitbucket Pipelines',
    'run it there (docs/ci.md has complete files); elsewhere use repose check, repose sleep or repose implement',
  )
}

function issueHost(system: 'github' | 'gitlab', env: Environment): IssueHost {
  if (system === 'github')
    return gitHubHost({
      api: env.GITHUB_API_URL || 'https://api.github.com',
      repository: nameOf(env, 'GITHUB_REPOSITORY'),
      token: tokenOf(env, 'GITHUB_TOKEN'),
      self: selfOf(env),
    })
  return gitLabHost({
    api: env.CI_API_V4_URL || 'https://gitlab.com/api/v4',
    project: Number(env.CI_PROJECT_ID),
    token: tokenOf(env, 'GITLAB_TOKEN'),
    self: selfOf(env),
  })
}

/** An account that the user names, for tokens that may not ask who they are. */
function selfOf(env: Environment): string | undefined {
  return env.REPOSE_CI_LOGIN || undefined
}

function tokenOf(env: Environment, name: string): string {
  const token = env[name]
  if (token) return token
  throw new UserError(`the job has no token: ${name} is not set`, 'give it one with the rights that docs/ci.md lists')
}

function nameOf(env: Environment, variable: string): string {
  const name = env[variable] ?? ''
  if (NAME.test(name) && !name.split('/').some((part) => /^\.+$/.test(part))) return name
  throw new UserError(`${variable} names no repository`, 'the host sets it for each job: leave it as it is')
}
