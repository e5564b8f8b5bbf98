import { kindOfPath } from '../paths.ts'
import type { RecipeRow } from '../store/recipes.ts'
import { likelihood } from './likelihood.ts'
import type { Scored } from './score.ts'

type Recipe = Pick<RecipeRow, 'by' | 'steps' | 'commits' | 'sources'>

/** What a recipe tells: log odds, but for the last two. */
export const BY_RECIPE = {
  likelier: 1, // than the signals tell is what a recipe changes
  narrowest: -1, // what ships is fitted on features of three source files and more
  widest: 0.5,
  fewest: 0.5, // source files: of what changes none, some do
  ofItsKind: 0.5, // probability of its likeliest file: a title may say a recipe's word and mean something else
} as const

/**
 * The ranked files with what the recipe of a request tells of them: those that it changes are likelier, with the evidence, and if one of them is
 * likely so many source files are expected as its commits changed. Those that are changed for each thing of a kind are as likely as they were changed, ranked or
 * not: no word may speak for them. What additions of any kind do tells nothing of one of them. Pure; O(n log n).
 *
 * ranked: best first. shift: what is added to all log odds anyway. Measured in docs/results.md#recipes.
 */
export function asUsual(ranked: readonly Scored[], recipe: Recipe | null, shift = 0): readonly Scored[] {
  if (!recipe || recipe.by === 'habit') return ranked
  const { by, commits, steps, sources } = recipe
  const held = new Map(steps.flatMap((step) => (step.isPattern ? [] : [[step.place, step.held] as const])))
  const told = (file: Scored, times: number): Scored => {
    const why = () => `changed by ${times} of ${commits.length} past commits of this kind`
    const evidence = () => [{ value: Number.POSITIVE_INFINITY, why }, ...file.evidence()]
    const tells = by === 'member' ? { least: times / (commits.length + 1) } : { shift: BY_RECIPE.likelier }
    return { ...file, ...tells, evidence }
  }
  const isRanked = new Set(ranked.map(({ path }) => path))
  const others = by === 'member' ? [...held.keys()].filter((path) => !isRanked.has(path)) : []
  const all: readonly Scored[] = [
    ...ranked,
    ...others.map((path) => ({ path, score: ranked.at(-1)?.score ?? 0, evidence: () => [] })),
  ]
  const marked = all.map((file) => (held.has(file.path) ? told(file, held.get(file.path)!) : file))
  const likely = likelihood(marked, shift)
  const isOfItsKind = likely.some(({ path, probability }) => held.has(path) && probability >= BY_RECIPE.ofItsKind)
  if (!isOfItsKind || sources === null) return marked
  const expected = likely
    .filter(({ path }) => kindOfPath(path) === 'source')
    .reduce((sum, { probability }) => sum + probability, 0)
  const width = Math.log(Math.max(BY_RECIPE.fewest, sources) / expected)
  const own = Math.max(BY_RECIPE.narrowest, Math.min(BY_RECIPE.widest, width))
  return marked.map((file) => (kindOfPath(file.path) === 'source' ? { ...file, shift: own + (file.shift ?? 0) } : file))
}
