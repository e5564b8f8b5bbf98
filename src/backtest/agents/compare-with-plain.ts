import { groupBy } from '../../groups.ts'
import { type Estimate, estimate, estimateOf, median } from '../interval.ts'
import { PLAIN_ARM, type ScoredRun, tokensOf } from './scored-run.ts'

/** One arm at one step budget against the plain agent at another, on the tasks that both have finished. */
export interface Comparison {
  readonly arm: string
  readonly steps: number
  readonly plainSteps: number
  readonly tasks: number
  /** Median ratio of the arm's tokens to the plain agent's: below 1 the arm needs fewer. */
  readonly tokens: Estimate
  /** Median ratio of output tokens. */
  readonly output: Estimate
  /** Differences, task by task: above 0 the arm is better. */
  readonly f1Source: Estimate
  readonly f1All: Estimate
  readonly precisionAll: Estimate
}

/**
 * Compares each arm at each step budget with the plain agent at three: the same, its largest (as agents are usually run), and its
 * smallest (the strictest baseline). Pairs without a common task are left out.
 */
export function compareWithPlain(runs: readonly ScoredRun[]): Comparison[] {
  const plain = runs.filter(({ run }) => run.arm === PLAIN_ARM)
  const budgets = [...new Set(plain.map(({ run }) => run.steps))].sort((a, b) => a - b)
  const ends = [budgets[0], budgets.at(-1)]
  const others = groupBy(
    runs.filter(({ run }) => run.arm !== PLAIN_ARM),
    ({ run }) => `${run.arm} ${run.steps}`,
  )
  return [...others.values()].flatMap((mine) => {
    const { arm, steps } = mine[0]!.run
    return budgets
      .filter((plainSteps) => plainSteps === steps || ends.includes(plainSteps))
      .flatMap((plainSteps) => {
        const theirs = new Map(plain.filter(({ run }) => run.steps === plainSteps).map((one) => [one.run.task, one]))
        const pairs = mine.flatMap((one) => {
          const other = theirs.get(one.run.task)
          return other ? [{ one, other }] : []
        })
        return pairs.length === 0 ? [] : [{ arm, steps, plainSteps, tasks: pairs.length, ...compare(pairs) }]
      })
  })
}

type Pair = { readonly one: ScoredRun; readonly other: ScoredRun }

function compare(pairs: readonly Pair[]): Omit<Comparison, 'arm' | 'steps' | 'plainSteps' | 'tasks'> {
  const least = 1 // token: an endpoint may report none
  const middle = (of: (one: ScoredRun) => number, runs: readonly ScoredRun[]) => Math.max(least, median(runs.map(of)))
  const ratio = (of: (one: ScoredRun) => number) =>
    estimateOf(pairs, (sample) => {
      const mine = sample.map(({ one }) => one)
      const theirs = sample.map(({ other }) => other)
      return middle(of, mine) / middle(of, theirs)
    })
  const difference = (of: (one: ScoredRun) => number) => estimate(pairs.map(({ one, other }) => of(one) - of(other)))
  return {
    tokens: ratio(tokensOf),
    output: ratio(({ run }) => run.usage.outputTokens),
    f1Source: difference(({ source }) => source.f1),
    f1All: difference(({ all }) => all.f1),
    precisionAll: difference(({ all }) => all.precision),
  }
}
