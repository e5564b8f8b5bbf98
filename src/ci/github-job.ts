import * as z from 'zod'
import { type Environment, type LabelJob, type PullJob, type Skipped, skipped } from './job.ts'
import { ACCOUNT, COMMIT, NUMBER, readEvent, shapeOf, TEXT } from './read-event.ts'

const FILE = 'GITHUB_EVENT_PATH'

const REPOSITORY = z.object({ full_name: z.string() })
const PULL = z.object({
  pull_request: z.object({
    number: NUMBER,
    head: z.object({ sha: COMMIT, repo: REPOSITORY.nullable() }),
    base: z.object({ sha: COMMIT, repo: REPOSITORY }),
  }),
})
const ACTION = z.object({ action: z.string() })
const LABELLED = z.object({
  label: z.object({ name: z.string() }),
  issue: z.object({
    number: NUMBER,
    title: z.string(),
    body: TEXT,
    state: z.string(),
    pull_request: z.unknown().optional(),
  }),
  sender: z.object({ login: ACCOUNT, type: z.string() }),
  repository: z.object({ full_name: z.string(), default_branch: z.string().min(1).max(255) }),
})
const OF_BRANCH = z.object({ repository: z.object({ default_branch: z.string() }) })

/** The pull request that a workflow of GitHub runs for. */
export function gitHubPull(env: Environment): PullJob | Skipped {
  const name = env.GITHUB_EVENT_NAME
  if (name === 'merge_group') return skipped('a merge queue runs for several pull requests at once')
  if (name === 'pull_request_target')
    return skipped('pull_request_target gives foreign code the rights of this repository: use pull_request')
  if (name !== undefined && name !== 'pull_request') return skipped(`the event is ${name}, and not a pull request`)
  const { pull_request: pull } = shapeOf(PULL, readEvent(env[FILE], FILE), FILE)
  const { head, base, number } = pull
  if (!isHere(base.repo.full_name, env) || !head.repo || !isHere(head.repo.full_name, env))
    return skipped('the pull request comes from a fork')
  return { kind: 'pull', number, base: base.sha, head: head.sha }
}

/** The label that a workflow of GitHub runs for. */
export function gitHubLabel(env: Environment): LabelJob | Skipped {
  const name = env.GITHUB_EVENT_NAME
  if (name !== undefined && name !== 'issues') return skipped(`the event is ${name}, and not one of issues`)
  const event = readEvent(env[FILE], FILE)
  const { action } = shapeOf(ACTION, event, FILE)
  if (action !== 'labeled') return skipped('no label was added')
  const { label, issue, sender, repository } = shapeOf(LABELLED, event, FILE)
  if (!isHere(repository.full_name, env)) return skipped('the event is of another repository')
  if (issue.pull_request !== undefined) return skipped('the label is on a pull request, and not on an issue')
  return {
    kind: 'label',
    label: label.name,
    issue: { number: issue.number, title: issue.title, body: issue.body ?? '' },
    isOpen: issue.state === 'open',
    by: sender.login,
    isByBot: sender.type !== 'User' || sender.login.endsWith('[bot]'),
    defaultBranch: repository.default_branch,
  }
}

/** Why a workflow of GitHub is not one for the night; null: it is. */
export function notGitHubNight(env: Environment): string | null {
  const name = env.GITHUB_EVENT_NAME ?? ''
  if (/^(pull_request|merge_group|issue|discussion|fork|workflow_run)/.test(name)) return `the event is ${name}`
  if (!env[FILE]) return null
  const { data } = OF_BRANCH.safeParse(readEvent(env[FILE], FILE))
  const branch = env.GITHUB_REF_NAME
  if (!data || !branch || data.repository.default_branch === branch) return null
  return `it runs on ${branch}, and not on ${data.repository.default_branch}`
}

/** GitHub takes upper and lower case of names for the same. */
function isHere(repository: string, { GITHUB_REPOSITORY }: Environment): boolean {
  return repository.toLowerCase() === GITHUB_REPOSITORY?.toLowerCase()
}
