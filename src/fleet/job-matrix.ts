import { stringify } from 'yaml'
import type { Share } from './divide-budget.ts'

/** Most jobs of a matrix of GitHub. */
export const MOST_OF_MATRIX = 256

/** The matrix of a workflow of GitHub, on one line: for fromJSON(). */
export function gitHubMatrix(shares: readonly Share[]): string {
  return JSON.stringify({
    include: shares.map(({ repo, tokens }) => ({ repository: repo.name, 'budget-tokens': tokens })),
  })
}

/**
 * A child pipeline of GitLab with a job for each repository. Names and budgets are variables, and nothing of the list is in a script.
 * REPOSE and REPOSE_COMMIT, the address of repose and
 * its commit, are variables of the project.
 */
export function gitLabPipeline(shares: readonly Share[]): string {
  const jobs = shares.map(({ repo, tokens }, i) => [
    `repose-night-${i + 1}`,
    { extends: '.repose-night', variables: { REPOSE_REPOSITORY: repo.name, REPOSE_BUDGET_TOKENS: String(tokens) } },
  ])
  return stringify({
    stages: ['night'],
    '.repose-night': {
      stage: 'night',
      image: 'node:22-bookworm',
      script: [
        'git clone -q -- "$REPOSE" /opt/repose',
        'git -C /opt/repose checkout -q "$REPOSE_COMMIT"',
        'npm --prefix /opt/repose ci --no-audit --no-fund',
        'chmod +x /opt/repose/dist/bin/repose.js && ln -s /opt/repose/dist/bin/repose.js /usr/local/bin/repose',
        'git clone -q -- "$REPOSE_REPOSITORY" clone',
        'repose -C clone ci night',
      ],
    },
    ...(jobs.length > 0 ? Object.fromEntries(jobs) : { 'repose-night-none': { stage: 'night', script: ['true'] } }),
  })
}
