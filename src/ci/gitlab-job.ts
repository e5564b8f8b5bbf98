import * as z from 'zod'
import { type Environment, type LabelJob, type PullJob, type Skipped, skipped } from './job.ts'
import { ACCOUNT, COMMIT, NUMBER, readEvent, shapeOf, TEXT } from './read-event.ts'

const VARIABLES = z.object({
  CI_MERGE_REQUEST_IID: z.coerce.number().pipe(NUMBER),
  CI_MERGE_REQUEST_DIFF_BASE_SHA: COMMIT,
  CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: z.union([COMMIT, z.literal('')]).optional(),
})

/** GitLab puts the text of a webhook that triggers a pipeline into a file, and its path into this variable. */
const FILE = 'TRIGGER_PAYLOAD'
const TITLES = z.array(z.object({ title: z.string() }))
const ISSUE = z.object({
  object_kind: z.literal('issue'),
  user: z.object({ username: ACCOUNT }),
  project: z.object({ id: NUMBER, default_branch: z.string().min(1).max(255) }),
  object_attributes: z.object({
    iid: NUMBER,
    title: z.string(),
    description: TEXT,
    state: z.string(),
    confidential: z.boolean().nullish(),
  }),
  changes: z.object({ labels: z.object({ previous: TITLES, current: TITLES }).optional() }),
})

/** The merge request that a pipeline of GitLab runs for. */
export function gitLabPull(env: Environment): PullJob | Skipped {
  if (env.CI_MERGE_REQUEST_EVENT_TYPE === 'merge_train')
    return skipped('a merge train runs for several merge requests at once')
  if (!env.CI_MERGE_REQUEST_IID) return skipped('the pipeline is not for a merge request')
  const ids = [env.CI_PROJECT_ID, env.CI_MERGE_REQUEST_PROJECT_ID, env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID]
  if (ids.some((id) => !id || id !== ids[0])) return skipped('the merge request comes from a fork')
  const given = shapeOf(VARIABLES, env, 'CI_MERGE_REQUEST_*')
  return {
    kind: 'pull',
    number: given.CI_MERGE_REQUEST_IID,
    base: given.CI_MERGE_REQUEST_DIFF_BASE_SHA,
    head: given.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || null,
  }
}

/** The label that a webhook of GitLab triggered a pipeline for. wanted: the label that is looked for among those that were added. */
export function gitLabLabel(env: Environment, wanted: string): LabelJob | Skipped {
  const { user, project, object_attributes: issue, changes } = shapeOf(ISSUE, readEvent(env[FILE], FILE), FILE)
  if (String(project.id) !== env.CI_PROJECT_ID) return skipped('the event is of another project')
  if (issue.confidential) return skipped('the issue is confidential, and its merge request would not be')
  const { previous, current } = changes.labels ?? { previous: [], current: [] }
  const added = current.map(({ title }) => title).filter((title) => !previous.some((one) => one.title === title))
  if (added.length === 0) return skipped('no label was added')
  return {
    kind: 'label',
    label: added.find((title) => title === wanted) ?? added[0]!,
    issue: { number: issue.iid, title: issue.title, body: issue.description ?? '' },
    isOpen: issue.state === 'opened',
    by: user.username,
    isByBot: /^(project|group)_\d+_bot/.test(user.username),
    defaultBranch: project.default_branch,
  }
}

/** Why a pipeline of GitLab is not one for the night; null: it is. */
export function notGitLabNight(env: Environment): string | null {
  if (env.CI_MERGE_REQUEST_IID) return 'the pipeline is for a merge request'
  const [branch, usual] = [env.CI_COMMIT_BRANCH, env.CI_DEFAULT_BRANCH]
  return !usual || branch === usual ? null : `it runs on ${branch ?? 'no branch'}, and not on ${usual}`
}
