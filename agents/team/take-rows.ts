import { breather } from '../../src/processes/breathe.ts'
import { areClean } from '../../src/secrets/without-secrets.ts'
import type { NamedRow, SharedPlan, SharedRecipe, SharedSummary } from '../../src/team/row.ts'
import { takePlans } from './take-plans.ts'
import { takeRecipes } from './take-recipes.ts'
import { projectOf, type TakenSummaries, type TakeOptions, takeSummaries } from './take-summaries.ts'

export interface TakeReport {
  readonly taken: TakenSummaries['taken'] & { readonly recipe: number; readonly plan: number }
  readonly known: number
  readonly notAsked: number
  /** Reasons why rows are not taken, with their numbers. */
  readonly refused: ReadonlyMap<string, number>
}

export interface TakeRowsOptions extends TakeOptions {
  readonly now: number
  readonly isDry: boolean
}

class DryRun extends Error {}

/**
 * Takes rows that were checked one by one (readRow) into the database: all or none. Nothing of it runs, is applied, or replaces what was
 * written here.
 */
export async function takeRows(
  rows: readonly NamedRow[],
  refusedBefore: ReadonlyMap<string, number>,
  options: TakeRowsOptions,
): Promise<TakeReport> {
  const { store, now, signal, isDry } = options
  const refused = new Map(refusedBefore)
  const clean = await withoutSecretRows(rows, refused, signal)
  const of = <Kind extends NamedRow['row']['kind']>(kind: Kind) => clean.filter(({ kind: one }) => one === kind)
  const summaries = of('summary') as SharedSummary[]
  const project = await projectOf(options)
  let report: TakeReport | null = null
  try {
    await store.db.transactionInSteps(async () => {
      const ofSummaries = await takeSummaries(summaries, project, options)
      const recipes = await takeRecipes(of('recipe') as SharedRecipe[], options)
      const plans = of('plan') as SharedPlan[]
      const plan = takePlans(plans, now, options)
      if (recipes.unconfirmed > 0)
        refused.set('recipe: not confirmed by the history of this clone', recipes.unconfirmed)
      report = {
        taken: { ...ofSummaries.taken, recipe: recipes.taken, plan },
        known: ofSummaries.known,
        notAsked: ofSummaries.notAsked + recipes.notAsked + plans.length - plan,
        refused,
      }
      if (isDry) throw new DryRun()
    }, signal)
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
  }
  return report!
}

const TOGETHER = 500 // rows whose characters are looked through at once

async function withoutSecretRows(
  rows: readonly NamedRow[],
  refused: Map<string, number>,
  signal: AbortSignal,
): Promise<NamedRow['row'][]> {
  const breathe = breather(signal)
  const kept: NamedRow['row'][] = []
  let found = 0
  for (let at = 0; at < rows.length; at += TOGETHER) {
    const some = rows.slice(at, at + TOGETHER)
    const texts = some.map(({ row }) =>
      JSON.stringify(row.kind === 'summary' ? row.body : row.kind === 'recipe' ? row.recipe : row.plan),
    )
    const areAll = areClean(texts)
    for (const [i, { row }] of some.entries()) {
      if (areAll || areClean([texts[i]!])) kept.push(row)
      else found++
      const pause = breathe()
      if (pause) await pause
    }
  }
  if (found > 0) refused.set('row: it looks like it holds a secret', found)
  return kept
}
