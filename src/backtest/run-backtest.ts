import { MINED_EVERY, type PastFeature, requestOf } from '../history/mine-features.ts'
import { isSource } from '../paths.ts'
import { type Request, readRequest } from '../request/read-request.ts'
import type { WorkingTree } from '../retrieve/signal.ts'
import type { Arm } from './arm.ts'
import type { Forecast } from './calibration.ts'
import { type Score, score } from './score.ts'

/** Facts at past commits. Visit commits in order of time: then each costs only what has changed since the one before. */
export interface PastFacts {
  /** Reads the contents of these commits that no task has read yet, in one go. */
  prepare(commits: readonly string[]): Promise<void>
  at(commit: string): Promise<WorkingTree>
  /** Mines the recipes that a sleep pass at this commit would have mined, for this commit and the following ones. */
  mine(commit: string): Promise<void>
}

export interface BacktestOptions {
  /** Newest first, as they are mined. */
  readonly features: readonly PastFeature[]
  readonly arms: readonly Arm[]
  readonly facts: PastFacts
  /** The request is the title alone, without the body of the message. */
  readonly titleOnly: boolean
  /** When aborted, the run ends with the tasks done so far. */
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number, feature: PastFeature) => void
  /** Called after each task. */
  readonly onTask?: (task: ScoredTask) => void
}

export interface ArmScore extends Score {
  readonly ms: number
  /** One for each listed source file; empty if the arm gives no probabilities. */
  readonly forecasts: readonly Forecast[]
}

export interface ScoredTask {
  readonly feature: PastFeature
  /** By the arm's id. */
  readonly scores: ReadonlyMap<string, ArmScore>
}

/**
 * Ranks the files of past features, oldest first, each with the facts of the state before it, and scores every arm.
 *
 * Nothing is trained. An arm sees only the request and that state. When the signal is aborted, returns the tasks scored so far with
 * `isComplete` false; other failures throw.
 */
export async function runBacktest(options: BacktestOptions): Promise<{ tasks: ScoredTask[]; isComplete: boolean }> {
  const { arms, facts, titleOnly, signal } = options
  const features = options.features.toReversed()
  const tasks: ScoredTask[] = []
  try {
    for (const [i, feature] of features.entries()) {
      signal?.throwIfAborted()
      options.onProgress?.(i, features.length, feature)
      if (i % MINED_EVERY === 0) {
        // not all at once: a run that is ended early has results
        await facts.prepare(features.slice(i, i + MINED_EVERY).map(({ base }) => base))
        await facts.mine(feature.base)
      }
      const past = await facts.at(feature.base)
      const request = readRequest(requestOf(feature, titleOnly))
      const task = { feature, scores: new Map(arms.map((arm) => [arm.id, scoreArm(arm, request, past, feature)])) }
      tasks.push(task)
      options.onTask?.(task)
    }
    return { tasks, isComplete: true }
  } catch (error) {
    if (signal?.aborted) return { tasks, isComplete: false }
    throw error
  }
}

function scoreArm(arm: Arm, request: Request, past: WorkingTree, { modifiedSource }: PastFeature): ArmScore {
  const started = performance.now()
  const ranking = arm.rank(request, past)
  const ms = performance.now() - started
  const forecasts = [...(ranking.probability ?? [])]
    .filter(([path]) => isSource(path))
    .map(([path, probability]) => ({ probability, changed: modifiedSource.includes(path) }))
  return { ...score(ranking, modifiedSource), ms, forecasts }
}
