import { isSource } from '../paths.ts'
import type { FileSize } from '../store/facts.ts'
import type { RecipeRow } from '../store/recipes.ts'
import type { RepoPath } from '../types.ts'
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
 * Commits that changed nothing, added to those that each added another one of a kind: then files are changed as often as is told, of some 1,300
 * (bench/kinds.ts, docs/results.md#recipes).
 */
export const DOUBTS = 2

/** The files that a recipe says are changed. */
export function placesOf({ steps }: Pick<Recipe, 'steps'>): RepoPath[] {
  return steps.filter(({ isPattern }) => !isPattern).map(({ place }) => place)
}

/**
 * The ranked files, and those that each thing of a kind changes though no word of the request speaks for them. sizes: of the recipe's files those that
 * can be changed. Pure.
 */
export function withUnranked(
  ranked: readonly Scored[],
  recipe: Recipe | null,
  sizes: ReadonlyMap<RepoPath, Pick<FileSize, 'isGenerated'>>,
): readonly Scored[] {
  if (recipe?.by !== 'kind') return ranked
  const known = new Set(ranked.map(({ path }) => path))
  const { score = 0, isUnspokenOf, isGuess } = ranked.at(-1) ?? {}
  const others = placesOf(recipe).filter((path) => sizes.has(path) && !known.has(path))
  return [
    ...ranked,
    ...others.map((path) => ({
      ...{ path, score, evidence: () => [], isUnspokenOf, isGuess },
      ...(sizes.get(path)!.isGenerated ? { isGenerated: true as const } : {}),
    })),
  ]
}

/**
 * The ranked files with what the recipe of a request tells of them: those that it changes are likelier, with the evidence, and if one of them is
 * likely so many source files are expected as its commits changed. What each thing of a kind changes is as likely as it was changed.
 * What additions of any kind do tells nothing of one of them. Pure; O(n log n).
 *
 * ranked: best first. shift: what is added to all log odds anyway. Measured in docs/results.md#recipes.
 */
export function asUsual(ranked: readonly Scored[], recipe: Recipe | null, shift = 0): readonly Scored[] {
  if (!recipe || recipe.by === 'habit') return ranked
  const { by, commits, steps, sources } = recipe
  const held = new Map(steps.filter(({ isPattern }) => !isPattern).map((step) => [step.place, step.held]))
  const marked = ranked.map((file) => {
    const times = held.get(file.path)
    if (times === undefined) return file
    const why = () => `changed by ${times} of ${commits.length} past commits of this kind`
    const evidence = () => [{ value: Number.POSITIVE_INFINITY, why }, ...file.evidence()]
    const tells = by === 'kind' ? { least: times / (commits.length + DOUBTS) } : { shift: BY_RECIPE.likelier }
    return { ...file, ...tells, evidence }
  })
  const likely = likelihood(marked, shift)
  const isOfItsKind = likely.some(({ path, probability }) => held.has(path) && probability >= BY_RECIPE.ofItsKind)
  if (!isOfItsKind || sources === null) return marked
  const expected = likely.filter(({ path }) => isSource(path)).reduce((sum, { probability }) => sum + probability, 0)
  const width = Math.log(Math.max(BY_RECIPE.fewest, sources) / expected)
  const own = Math.max(BY_RECIPE.narrowest, Math.min(BY_RECIPE.widest, width))
  return marked.map((file) => (isSource(file.path) ? { ...file, shift: own + (file.shift ?? 0) } : file))
}
