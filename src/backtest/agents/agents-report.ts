import { countEach } from '../../groups.ts'
import type { Usage } from '../../types.ts'
import type { FileScore } from '../file-score.ts'
import { type Estimate, estimate, mean, median } from '../interval.ts'
import { type Comparison, compareWithPlain } from './compare-with-plain.ts'
import type { AgentArm, AgentsOutcome } from './run-agents.ts'
import { type ScoredRun, scoredRuns, tokensOf } from './scored-run.ts'

type FileEstimates = Readonly<Record<keyof FileScore, Estimate>>

/** One arm at one step budget. */
export interface AgentFigures {
  readonly arm: string
  readonly text: string
  /** Most calls. */
  readonly steps: number
  /** Tasks that it has finished. */
  readonly tasks: number
  readonly source: FileEstimates
  readonly all: FileEstimates
  /** All tokens of all calls: median over the tasks. */
  readonly medianTokens: number
  /** Means over the tasks, by kind of file. */
  readonly tokens: { readonly uncached: number; readonly cached: number; readonly output: number }
  readonly calls: number
  /** Median. */
  readonly seconds: number
  /** Mean; null: price unknown. */
  readonly usd: number | null
  /** How many runs ended in each way, the most frequent first. */
  readonly stops: Readonly<Record<string, number>>
}

export interface AgentsReport {
  readonly model: string
  /** The replies were replayed recordings: nothing was paid, and times mean nothing. */
  readonly recorded: boolean
  readonly stop: AgentsOutcome['stop']
  readonly reason: string | null
  readonly planned: number
  readonly done: number
  /** Of the finished ones: paid for by an earlier backtest. */
  readonly reused: number
  readonly failed: AgentsOutcome['failed']
  readonly figures: readonly AgentFigures[]
  readonly comparisons: readonly Comparison[]
  readonly runs: readonly (Usage & {
    readonly commit: string
    readonly title: string
    readonly arm: string
    readonly steps: number
    readonly stop: string
    readonly reason: string | null
    readonly effort: string | null
    readonly source: FileScore
    readonly all: FileScore
    readonly changed: readonly string[]
    readonly created: readonly string[]
    readonly seconds: number
    readonly transcript: string
  })[]
}

/** Aggregates the runs of agents: figures for each arm and step budget, and each arm against the plain agent, task by task. */
export function agentsReportOf(
  outcome: AgentsOutcome,
  arms: readonly AgentArm[],
  { model, recorded, planned }: Pick<AgentsReport, 'model' | 'recorded' | 'planned'>,
): AgentsReport {
  const runs = scoredRuns(outcome.runs)
  const steps = [...new Set(runs.map(({ run }) => run.steps))].sort((a, b) => a - b)
  return {
    model,
    recorded,
    planned,
    stop: outcome.stop,
    reason: outcome.reason,
    done: runs.length,
    reused: runs.filter(({ isReused }) => isReused).length,
    failed: outcome.failed,
    figures: arms.flatMap((arm) =>
      steps.flatMap((most) => {
        const mine = runs.filter(({ run }) => run.arm === arm.id && run.steps === most)
        return mine.length === 0 ? [] : [{ arm: arm.id, text: arm.text, steps: most, ...figuresOf(mine) }]
      }),
    ),
    comparisons: compareWithPlain(runs),
    runs: runs.map(({ feature, run, source, all }) => ({
      commit: feature.commit,
      title: feature.title,
      arm: run.arm,
      steps: run.steps,
      stop: run.stop,
      reason: run.reason,
      effort: run.effort,
      source,
      all,
      changed: [...run.modified, ...run.deleted],
      created: run.created,
      ...run.usage,
      seconds: run.ms / 1000,
      transcript: run.transcript,
    })),
  }
}

function figuresOf(runs: readonly ScoredRun[]): Omit<AgentFigures, 'arm' | 'text' | 'steps'> {
  const usages = runs.map(({ run }) => run.usage)
  const stops = countEach(runs.map(({ run }) => run.stop))
  const prices = usages.flatMap(({ usd }) => (usd === null ? [] : [usd]))
  return {
    tasks: runs.length,
    source: estimates(runs.map(({ source }) => source)),
    all: estimates(runs.map(({ all }) => all)),
    medianTokens: median(runs.map(tokensOf)),
    tokens: {
      uncached: mean(usages.map(({ inputTokens, cachedTokens }) => inputTokens - cachedTokens)),
      cached: mean(usages.map(({ cachedTokens }) => cachedTokens)),
      output: mean(usages.map(({ outputTokens }) => outputTokens)),
    },
    calls: mean(usages.map(({ calls }) => calls)),
    seconds: median(runs.map(({ run }) => run.ms / 1000)),
    usd: prices.length < usages.length ? null : mean(prices),
    stops: Object.fromEntries([...stops].sort((a, b) => b[1] - a[1])),
  }
}

function estimates(scores: readonly FileScore[]): FileEstimates {
  return {
    precision: estimate(scores.map(({ precision }) => precision)),
    recall: estimate(scores.map(({ recall }) => recall)),
    f1: estimate(scores.map(({ f1 }) => f1)),
  }
}
