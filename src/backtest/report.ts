import type { MinedFeatures } from '../history/mine-features.ts'
import type { AgentsReport } from './agents/agents-report.ts'
import type { Arm } from './arm.ts'
import { type Calibration, calibrationOf } from './calibration.ts'
import { type Estimate, estimate, median } from './interval.ts'
import type { ScoredTask } from './run-backtest.ts'
import { FIGURES, type Figures, type Score } from './score.ts'

export type Estimates = Readonly<Record<keyof Figures, Estimate>>

export interface ArmReport {
  readonly id: string
  readonly text: string
  readonly figures: Estimates
  /** Median time of one ranking. */
  readonly ms: number
  /** Mean number of source files that it names. */
  readonly named: number
  /** null: it gives no probabilities. */
  readonly calibration: Calibration | null
}

export interface MissedTask {
  readonly commit: string
  readonly title: string
  /** Seconds since 1970. */
  readonly time: number
  readonly f1: number
  readonly recall20: number
  readonly changed: readonly string[]
  /** Changed files that were not named, with their rank; null: not listed. */
  readonly missed: readonly { readonly path: string; readonly place: number | null }[]
  /** Named files that were not changed. */
  readonly wrong: readonly string[]
}

export interface BacktestReport {
  readonly head: string
  readonly stop: 'done' | 'interrupted' | 'out-of-time'
  readonly titleOnly: boolean
  readonly seconds: number
  readonly planned: number
  readonly candidates: number
  readonly dropped: MinedFeatures['dropped']
  /** Time of the oldest and newest task, seconds since 1970; null without tasks. */
  readonly from: number | null
  readonly to: number | null
  /** Empty without tasks. */
  readonly arms: readonly ArmReport[]
  /** Gain of the judged arm over the best of the others, task by task. null: no other arm ran. */
  readonly gain: {
    readonly arm: string
    readonly over: string
    /** Why that arm was chosen for the comparison. */
    readonly text: string
    readonly figures: Estimates
  } | null
  /** The arm that the report is about: the last one. Its errors are shown. */
  readonly judged: string
  readonly worst: readonly MissedTask[]
  readonly tasks: readonly {
    readonly commit: string
    readonly title: string
    /** Number of source files that the feature changed, that the judged arm named, and that changed without being named. */
    readonly changed: readonly string[]
    readonly named: readonly string[]
    readonly missed: readonly string[]
    /** By arm. */
    readonly f1: Readonly<Record<string, number>>
    readonly f1At5: Readonly<Record<string, number>>
    readonly recall10: Readonly<Record<string, number>>
    /** For each arm, the changed files with their rank among the listed source files, from 1; null: not listed. */
    readonly places: Readonly<Record<string, Score['places']>>
  }[]
  /** Arms with a model; null: none was requested. */
  readonly agents: AgentsReport | null
}

const MOST_WRONG = 5

/**
 * Aggregates scored tasks: means with intervals for each arm, the last arm's gain over the best of the others, and its worst errors.
 */
export function reportOf(
  tasks: readonly ScoredTask[],
  arms: readonly Arm[],
  run: Pick<BacktestReport, 'head' | 'stop' | 'titleOnly' | 'seconds' | 'planned' | 'candidates' | 'dropped'>,
): BacktestReport {
  const judged = arms.at(-1)!.id
  const scoresOf = (arm: string) => tasks.map(({ scores }) => scores.get(arm)!)
  const times = tasks.map(({ feature }) => feature.time)
  const reports = (tasks.length === 0 ? [] : arms).map(({ id, text }) => {
    const scores = scoresOf(id)
    return {
      id,
      text,
      figures: estimates((figure) => scores.map((one) => one[figure])),
      ms: median(scores.map(({ ms }) => ms)),
      named: scores.reduce((sum, { named }) => sum + named.length, 0) / scores.length,
      calibration: calibrationOf(scores.flatMap(({ forecasts }) => forecasts)),
    }
  })
  const over = bestOf(reports.slice(0, -1))?.id
  return {
    ...run,
    from: times.length > 0 ? Math.min(...times) : null,
    to: times.length > 0 ? Math.max(...times) : null,
    arms: reports,
    gain: over
      ? {
          arm: judged,
          over,
          text: reports.length > 2 ? 'the best of the other arms by the mean F1@5 of this run' : 'the only other arm',
          figures: estimates((figure) =>
            tasks.map(({ scores }) => scores.get(judged)![figure] - scores.get(over)![figure]),
          ),
        }
      : null,
    judged,
    worst: worstOf(tasks, judged),
    tasks: tasks.map(({ feature: { commit, title, modifiedSource: changed }, scores }) => {
      const { named } = scores.get(judged)!
      const byArm = <T>(of: (score: Score) => T) =>
        Object.fromEntries([...scores].map(([id, score]) => [id, of(score)]))
      return {
        ...{ commit, title, changed, named, missed: changed.filter((path) => !named.includes(path)) },
        f1: byArm(({ f1 }) => f1),
        f1At5: byArm(({ f1At5 }) => f1At5),
        recall10: byArm(({ recall10 }) => recall10),
        places: byArm(({ places }) => places),
      }
    }),
    agents: null,
  }
}

/** By mean F1@5; of equal ones the last. */
function bestOf(arms: readonly ArmReport[]): ArmReport | undefined {
  const most = Math.max(...arms.map(({ figures }) => figures.f1At5.mean))
  return arms.findLast(({ figures }) => figures.f1At5.mean === most)
}

function estimates(valuesOf: (figure: keyof Figures) => number[]): Estimates {
  return Object.fromEntries(FIGURES.map((figure) => [figure, estimate(valuesOf(figure))])) as unknown as Estimates
}

function worstOf(tasks: readonly ScoredTask[], arm: string): MissedTask[] {
  return tasks
    .map(({ feature, scores }) => {
      const { f1, recall20, places, named } = scores.get(arm)!
      return {
        commit: feature.commit,
        title: feature.title,
        time: feature.time,
        f1,
        recall20,
        changed: feature.modifiedSource,
        missed: places.filter(({ path }) => !named.includes(path)),
        wrong: named.filter((path) => !feature.modifiedSource.includes(path)),
      }
    })
    .filter(({ f1 }) => f1 < 1)
    .sort((a, b) => a.f1 - b.f1 || a.recall20 - b.recall20 || b.time - a.time)
    .slice(0, MOST_WRONG)
}
