import { kindOfPath } from '../paths.ts'
import type { RecipeRow } from '../store/recipes.ts'
import { likelihood } from './likelihood.ts'
import type { Scored } from './score.ts'

type Recipe = Pick<RecipeRow, 'by' | 'steps' | 'commits' | 'sources'>

const NARROWER = -1 // of log odds; what ships is fitted on features of three source files and more
const WIDER = 0.5
const FEWEST = 0.5 // source files: of what changes none, some do

/**
 * What the recipe of a request tells of its files: those that it changes are marked, with the evidence, and the shift of all log odds with which as
 * many source files are expected as its commits changed. What additions of any kind do tells nothing of one of them. Pure; O(n log n).
 *
 * shift: what is added to all log odds anyway. Measured in docs/results.md#recipes.
 */
export function asUsual(
  ranked: readonly Scored[],
  recipe: Recipe | null,
  shift: number,
): { readonly ranked: readonly Scored[]; readonly shift: number } {
  if (!recipe || recipe.by === 'habit') return { ranked, shift }
  const marked = markUsual(ranked, recipe)
  const expected = likelihood(marked, shift)
    .filter(({ path }) => kindOfPath(path) === 'source')
    .reduce((sum, { probability }) => sum + probability, 0)
  const width = Math.log(Math.max(FEWEST, recipe.sources) / expected)
  return { ranked: marked, shift: shift + Math.max(NARROWER, Math.min(WIDER, width)) }
}

function markUsual(ranked: readonly Scored[], { steps, commits }: Recipe): readonly Scored[] {
  const held = new Map(steps.flatMap((step) => (step.isPattern ? [] : [[step.place, step.held]])))
  return ranked.map((file) => {
    const times = held.get(file.path)
    if (times === undefined) return file
    const why = () => `changed by ${times} of ${commits.length} past commits of this kind`
    return { ...file, isUsual: true, evidence: () => [{ value: Number.POSITIVE_INFINITY, why }, ...file.evidence()] }
  })
}
