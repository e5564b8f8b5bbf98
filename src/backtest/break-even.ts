import type { BacktestRun } from '../store/backtests.ts'
import { PLAIN_ARM } from './agents/scored-run.ts'
import { type Estimate, estimateOf, median } from './interval.ts'

/** How many requests pay for the sleep passes, from runs of both agents on the same past features. */
export interface BreakEven {
  readonly arm: string
  readonly steps: number
  readonly model: string
  /** The replies were replayed recordings. */
  readonly recorded: boolean
  /** Features that both agents have finished: measured. */
  readonly tasks: number
  /** Tokens that a request saves with `arm` against the plain agent: measured, the median over the tasks. */
  readonly saved: Estimate
  /** Tokens of the sleep passes so far, without replayed ones. */
  readonly sleepTokens: number
  /** An estimate: future requests may differ from past ones. null: nothing is saved, so no number is enough. */
  readonly requests: number | null
}

const BEST_KNOWN = ['agent-auto', 'agent-low', 'agent-high'] // the default of `repose implement` first

/**
 * The break-even of a repository; null if no feature was implemented by both the plain agent and repose's under the same conditions.
 * runs: newest first; of several for one feature the newest counts. Prefers the arm that `repose implement` uses by default, the model
 * of the newest run, and the largest step budget that both had.
 */
export function breakEven(runs: readonly BacktestRun[], sleepTokens: number): BreakEven | null {
  const plain = runs.filter(({ arm }) => arm === PLAIN_ARM)
  const keyOf = (run: BacktestRun) => [run.task, run.steps, run.model, run.titleOnly, run.recorded].join(' ')
  const plainOf = newestBy(plain, keyOf)
  for (const arm of BEST_KNOWN) {
    const pairs = [
      ...newestBy(
        runs.filter((run) => run.arm === arm),
        keyOf,
      ),
    ].flatMap(([key, mine]) => {
      const other = plainOf.get(key)
      return other ? [{ mine, other }] : []
    })
    const first = pairs.toSorted(
      (a, b) => Number(a.mine.recorded) - Number(b.mine.recorded) || b.mine.at - a.mine.at,
    )[0]
    if (!first) continue
    const { model, recorded, titleOnly } = first.mine
    const alike = pairs.filter(
      ({ mine }) => mine.model === model && mine.recorded === recorded && mine.titleOnly === titleOnly,
    )
    const steps = Math.max(...alike.map(({ mine }) => mine.steps))
    const taken = alike.filter(({ mine }) => mine.steps === steps)
    const saved = estimateOf(taken, (sample) => median(sample.map(({ mine, other }) => tokens(other) - tokens(mine))))
    const requests = saved.mean > 0 ? Math.ceil(sleepTokens / saved.mean) : null
    return { arm, steps, model, recorded, tasks: taken.length, saved, sleepTokens, requests }
  }
  return null
}

function newestBy(runs: readonly BacktestRun[], keyOf: (run: BacktestRun) => string): Map<string, BacktestRun> {
  return new Map(runs.toReversed().map((run) => [keyOf(run), run]))
}

function tokens({ usage }: BacktestRun): number {
  return usage.inputTokens + usage.outputTokens
}
