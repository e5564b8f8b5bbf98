import type { CheckResult } from '../../src/types.ts'
import type { StagedResult } from './staged/state.ts'
import { SYNTAX } from './syntax-check.ts'

export type Effort = 'auto' | 'low' | 'high'

export interface EffortRuns {
  /** The staged run. */
  readonly low: () => Promise<StagedResult>
  /** The loop with tools. news: what was done before, and its result; '' for nothing. */
  readonly high: (news: string) => Promise<StagedResult>
  readonly stepsLeft: () => number
  readonly note: (event: string, data: object) => void
}

export interface ChosenEffort {
  readonly effort: 'low' | 'high'
  /** Why this effort. */
  readonly why: string
}

const HARD = 0.15 // predictability; the expected F1 of the files that the ranking names

/** auto: low, unless the ranking cannot find where the request belongs. A low run that does not finish changes to high later. */
export function chooseEffort(wanted: Effort, predictability: number): ChosenEffort {
  if (wanted !== 'auto') return { effort: wanted, why: 'as asked for' }
  const figure = `predictability ${predictability.toFixed(2)}`
  return predictability < HARD
    ? { effort: 'high', why: `${figure}: the history does not tell which files this changes` }
    : { effort: 'low', why: figure }
}

/** Runs the chosen effort. With auto, a low run that does not finish continues with high effort in the same files. */
export async function runEffort(
  wanted: Effort,
  chosen: ChosenEffort,
  { low, high, stepsLeft, note }: EffortRuns,
): Promise<ChosenEffort & { readonly outcome: StagedResult }> {
  if (chosen.effort === 'high') return { ...chosen, outcome: await high('') }
  const first = await low()
  if (wanted !== 'auto' || !isUnfinished(first) || stepsLeft() <= 0) return { ...chosen, outcome: first }
  const how = first.reason ?? first.stop
  const why = `low effort did not finish: ${how}`
  note('promoted', { reason: why })
  const then = await high(`A first attempt was made; its edits, if any, are in the files. It ended so: ${how}.`)
  const outcome = {
    ...then,
    checks: then.checks.length > 0 ? then.checks : first.checks,
    opened: [...first.opened, ...then.opened],
    looked: [...first.looked, ...then.looked],
    notes: [...first.notes, ...then.notes],
  }
  return { effort: 'high', why, outcome }
}

function isUnfinished({ stop, checks }: StagedResult): boolean {
  return (stop === 'checks-failed' && !checks.some(isSettled)) || stop === 'out-of-turns'
}

/** True if high effort would not help: the check failed before any edit, was refused, or found syntax that the model sent again unchanged. */
function isSettled({ check, status, failedBefore }: CheckResult): boolean {
  return failedBefore === true || status === 'refused' || (check === SYNTAX && status === 'failed')
}
