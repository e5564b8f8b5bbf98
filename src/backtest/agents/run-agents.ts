import { type PastFeature, requestOf } from '../../history/mine-features.ts'
import type { WorkingTree } from '../../retrieve/signal.ts'
import type { BacktestRun, BacktestRunKey } from '../../store/backtests.ts'
import type { PastFacts } from '../run-backtest.ts'

/** One way in which a model implements a request. */
export interface AgentArm {
  readonly id: string
  /** One line, for reports. */
  readonly text: string
  /** Hash of its prompts: a change makes it another measurement. */
  readonly prompt: string
}

export type RunOutcome = Omit<BacktestRun, keyof BacktestRunKey | 'at' | 'ms'>

export interface AgentsOptions {
  /** Newest first, as they are mined. */
  readonly features: readonly PastFeature[]
  readonly arms: readonly AgentArm[]
  /** Step budgets: the maximum number of calls of a run. */
  readonly steps: readonly number[]
  readonly model: string
  readonly recorded: boolean
  readonly titleOnly: boolean
  readonly facts: PastFacts
  /** Finds a run that was paid for before. */
  readonly find: (key: BacktestRunKey) => BacktestRun | null
  readonly save: (run: BacktestRun) => void
  readonly run: (arm: string, steps: number, request: string, base: string, past: WorkingTree) => Promise<RunOutcome>
  /**
   * Called after each run. Returns why the run was cut short and no other can do better ('out-of-budget': a limit was reached). null:
   * continue.
   */
  readonly isOver: () => { readonly stop: 'out-of-budget' | 'model-failed'; readonly reason: string } | null
  readonly signal: AbortSignal
  readonly onProgress?: (text: string) => void
}

export interface TaskRun {
  readonly feature: PastFeature
  readonly run: BacktestRun
  /** It was paid for before. */
  readonly isReused: boolean
}

export interface AgentsOutcome {
  readonly runs: readonly TaskRun[]
  /** Runs that the endpoint did not let finish. They are neither stored nor counted. */
  readonly failed: readonly { readonly arm: string; readonly steps: number; readonly reason: string }[]
  readonly stop: 'done' | 'interrupted' | 'out-of-budget' | 'model-failed'
  readonly reason: string | null
}

const FAILURES = 5 // in a row: the endpoint is down

/**
 * Lets every arm implement every past feature at every step budget, oldest feature first, each with the facts and files of the state
 * before it. A finished run is stored immediately, and never paid for twice. If it is aborted, reaches a limit, or the endpoint fails
 * for good, it returns what is finished.
 */
export async function runAgents(options: AgentsOptions): Promise<AgentsOutcome> {
  const { facts, signal } = options
  const runs: TaskRun[] = []
  const failed: { arm: string; steps: number; reason: string }[] = []
  const end = (stop: AgentsOutcome['stop'], reason: string | null = null) => ({ runs, failed, stop, reason })
  const all = runsOf(options)
  let inARow = 0
  try {
    for (const [i, { feature, arm, steps, known }] of all.entries()) {
      if (known) {
        runs.push({ feature, run: known, isReused: true })
        continue
      }
      signal.throwIfAborted()
      options.onProgress?.(`run ${i + 1} of ${all.length}: ${arm.id}, ${steps} steps: ${feature.title}`)
      await facts.prepare([feature.base])
      await facts.mine(feature.base)
      const past = await facts.at(feature.base)
      const startedAt = Date.now()
      const request = requestOf(feature, options.titleOnly)
      const outcome = await options.run(arm.id, steps, request, feature.base, past)
      signal.throwIfAborted()
      const over = options.isOver()
      if (over) return end(over.stop, over.reason)
      if (outcome.stop === 'model-failed') {
        failed.push({ arm: arm.id, steps, reason: outcome.reason ?? outcome.stop })
        if (++inARow === FAILURES) return end('model-failed', `${FAILURES} runs in a row failed: ${outcome.reason}`)
        continue
      }
      inARow = 0
      const at = Date.now()
      const run = { ...keyOf(feature, arm, steps, options), ...outcome, at, ms: at - startedAt }
      options.save(run)
      runs.push({ feature, run, isReused: false })
    }
    return end('done')
  } catch (error) {
    if (signal.aborted) return end('interrupted')
    throw error
  }
}

/** Every requested run, in order, with the stored one if there is one. */
export function runsOf(options: Omit<AgentsOptions, 'facts' | 'save' | 'run' | 'isOver' | 'signal' | 'onProgress'>) {
  return options.features.toReversed().flatMap((feature) =>
    options.arms.flatMap((arm) =>
      options.steps.map((steps) => ({
        feature,
        arm,
        steps,
        known: options.find(keyOf(feature, arm, steps, options)),
      })),
    ),
  )
}

function keyOf(
  { commit }: PastFeature,
  arm: AgentArm,
  steps: number,
  { model, recorded, titleOnly }: Pick<AgentsOptions, 'model' | 'recorded' | 'titleOnly'>,
): BacktestRunKey {
  return { task: commit, arm: arm.id, steps, model, prompt: arm.prompt, titleOnly, recorded }
}
