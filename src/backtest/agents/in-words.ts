import { many } from '../in-words.ts'
import type { Estimate } from '../interval.ts'
import type { AgentsReport } from './agents-report.ts'

/** Sentences of a report on agents, the same for the terminal and the page. */
export const agentsInWords = {
  /** '36 runs of agents on gpt-5, 12 of them from before'. */
  head({ done, planned, model, reused, recorded }: AgentsReport): string {
    const runs = done === planned ? many(done, 'run') : `${done} of ${many(planned, 'run')}`
    const before = reused > 0 ? `, ${reused} of them stored by an earlier backtest` : ''
    return `${runs} of agents on ${model}${recorded ? ' (recorded)' : ''}${before}`
  },

  /** Caveats that the reader needs before the figures. */
  warnings({ stop, reason, failed, figures, recorded, done, planned }: AgentsReport): string[] {
    const ends = { interrupted: 'Interrupted', 'out-of-budget': 'Out of budget', 'model-failed': 'The model failed' }
    const counts = new Set(figures.map(({ tasks }) => tasks))
    return [
      ...(stop === 'done'
        ? []
        : [
            `${ends[stop]} after ${done} of ${many(planned, 'run')}${reason ? `: ${reason}` : ''}. Those done are kept.`,
          ]),
      ...(failed.length === 0
        ? []
        : [
            `${many(failed.length, 'run')} not finished because of the endpoint, and not counted (${failed[0]!.reason}).`,
          ]),
      ...(counts.size > 1 ? ['Not every arm has done the same tasks: compare only task by task.'] : []),
      ...(recorded ? ['Recorded: the replies were replayed. Nothing was paid, and the times say nothing.'] : []),
    ]
  },

  /** The main result: the last arm at its largest step budget against the plain agent. '' unless both ran. */
  result({ comparisons }: AgentsReport): string {
    const arm = comparisons.at(-1)?.arm
    const last = comparisons.filter((one) => one.arm === arm && one.steps === comparisons.at(-1)!.steps)
    return last
      .map(({ steps, plainSteps, tasks, tokens, f1All, f1Source }) => {
        const ratio = `${tokens.mean.toFixed(2)} times (95 %: ${tokens.low.toFixed(2)} to ${tokens.high.toFixed(2)})`
        return `${arm} at ${many(steps, 'step')} took ${ratio} the median tokens of the plain agent at ${many(plainSteps, 'step')}; F1 differs by ${points(f1Source)} over source files and ${points(f1All)} over all files (${many(tasks, 'task')}).`
      })
      .join(' ')
  },

  /** 'done 8, out-of-turns 2'. */
  stops: (stops: Readonly<Record<string, number>>) =>
    Object.entries(stops)
      .map(([stop, many]) => `${stop} ${many}`)
      .join(', '),
}

function points({ mean, low, high }: Estimate): string {
  const signed = (value: number) => {
    const rounded = Math.round(100 * value) || 0 // never -0
    return rounded > 0 ? `+${rounded}` : String(rounded)
  }
  return `${signed(mean)} points (${signed(low)} to ${signed(high)})`
}
