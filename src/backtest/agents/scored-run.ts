import type { FileScore } from '../file-score.ts'
import type { TaskRun } from './run-agents.ts'
import { scoreRun } from './score-run.ts'

export const PLAIN_ARM = 'plain-agent'

export interface ScoredRun extends TaskRun {
  readonly source: FileScore
  readonly all: FileScore
}

export function scoredRuns(runs: readonly TaskRun[]): ScoredRun[] {
  return runs.map((one) => ({ ...one, ...scoreRun(one.run, one.feature) }))
}

/** All tokens of all calls: input, cached or not, and output. */
export function tokensOf({ run: { usage } }: Pick<TaskRun, 'run'>): number {
  return usage.inputTokens + usage.outputTokens
}
