import { kindOfPath } from '../paths.ts'
import type { RecipeRow } from '../store/recipes.ts'
import { likelihood } from './likelihood.ts'
import type { Scored } from './score.ts'

type Recipe = Pick<RecipeRow, 'by' | 'steps' | 'commits' | 'sources'>

// Of log odds.
const USUAL = 1 // what a recipe changes is likelier than the signals tell
const NARROWER = -1 // what ships is fitted on features of three source files and more
const WIDER = 0.5
const FEWEST = 0.5 // source files: of what changes none, some do
const OF_ITS_KIND = 0.5 // probability of its likeliest file: a title may say a recipe's word and mean something else

/**
 * The ranked files with what the recipe of a request tells of them: those that it changes are likelier, with the evidence, and if one of them is
 * likely so many source files are expected as its commits changed. What additions of any kind do tells nothing of one of them. Pure; O(n log n).
 *
 * ranked: best first. shift: what is added to all log odds anyway. Measured in docs/results.md#recipes.
 */
export function asUsual(ranked: readonly Scored[], recipe: Recipe | null, shift = 0): readonly Scored[] {
  if (!recipe || recipe.by === 'habit') return ranked
  const held = new Map(recipe.steps.flatMap((step) => (step.isPattern ? [] : [[step.place, step.held] as const])))
  const marked = ranked.map((file) => {
    const times = held.get(file.path)
    if (times === undefined) return file
    const why = () => `changed by ${times} of ${recipe.commits.length} past commits of this kind`
    return { ...file, shift: USUAL, evidence: () => [{ value: Number.POSITIVE_INFINITY, why }, ...file.evidence()] }
  })
  const told = likelihood(marked, shift)
  const isOfItsKind = told.some(({ path, probability }) => held.has(path) && probability >= OF_ITS_KIND)
  if (!isOfItsKind || recipe.sources === null) return marked
  const expected = told
    .filter(({ path }) => kindOfPath(path) === 'source')
    .reduce((sum, { probability }) => sum + probability, 0)
  const width = Math.log(Math.max(FEWEST, recipe.sources) / expected)
  const own = Math.max(NARROWER, Math.min(WIDER, width))
  return marked.map((file) => (kindOfPath(file.path) === 'source' ? { ...file, shift: own + (file.shift ?? 0) } : file))
}
