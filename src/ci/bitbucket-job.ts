import * as z from 'zod'
import { type Environment, type PullJob, type Skipped, skipped } from './job.ts'
import { NUMBER, shapeOf } from './read-event.ts'

const VARIABLES = z.object({
  BITBUCKET_PR_ID: z.coerce.number().pipe(NUMBER),
  BITBUCKET_PR_DESTINATION_COMMIT: z.string().regex(/^[0-9a-f]{7,64}$/),
})

/** The pull request that a pipeline of Bitbucket runs for. Whether it comes from a fork is not among its variables. */
export function bitbucketPull(env: Environment): PullJob | Skipped {
  if (!env.BITBUCKET_PR_ID) return skipped('the pipeline is not for a pull request')
  const given = shapeOf(VARIABLES, env, 'BITBUCKET_PR_*')
  return { kind: 'pull', number: given.BITBUCKET_PR_ID, base: given.BITBUCKET_PR_DESTINATION_COMMIT, head: null }
}
