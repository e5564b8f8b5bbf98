import { isSource } from '../paths.ts'
import type { Recipe } from '../recipe.ts'
import type { FileSize } from '../store/facts.ts'
import type { RepoPath } from '../types.ts'
import { likelihood } from './likelihood.ts'
import type { Scored } from './score.ts'

const LIKELIER = 2 // log odds, added for a file that the recipe names
/**
 * Laplace smoothing: this many commits without the step are added to the count. The smoothed share is about the share
 * that will change (bench/kinds.ts, docs/results.md#recipes).
 */
export const DOUBTS = 2
const FEWEST = 0.5 // source files: the expected number is at least this, even if the past commits changed none

/** The files that a recipe names, without its patterns. */
export function placesOf({ steps }: Pick<Recipe, 'steps'>): RepoPath[] {
  return steps.filter(({ isPattern }) => !isPattern).map(({ place }) => place)
}

/**
 * Applies the recipe of a request to the ranked files, as a prior. The log odds of a file that it names are raised, and
 * its probability is at least the share of the recipe's commits that changed it; the file is added if no signal found
 * it. Then the log odds of all source files are shifted, so that about as many are expected as those commits changed on
 * average. A habit is not applied: it says nothing about one request. Measured in docs/results.md#recipes.
 *
 * ranked: best first. sizes: of the recipe's files that can be changed. Pure; O(n log n).
 */
export function asUsual(
  ranked: readonly Scored[],
  recipe: Pick<Recipe, 'by' | 'steps' | 'commits' | 'sources'> | null,
  sizes: ReadonlyMap<RepoPath, Pick<FileSize, 'isGenerated'>>,
): readonly Scored[] {
  if (!recipe || recipe.by === 'habit') return ranked
  const { commits, steps, sources } = recipe
  const held = new Map(steps.map(({ place, held }) => [place, held]))
  const marked = [...ranked, ...unranked(ranked, placesOf(recipe), sizes)].map((file) => {
    const times = held.get(file.path)
    if (times === undefined) return file
    const why = () => `changed by ${times} of ${commits.length} past commits of this kind`
    const evidence = () => [{ value: Number.POSITIVE_INFINITY, why }, ...file.evidence()]
    return { ...file, evidence, shift: LIKELIER, least: times / (commits.length + DOUBTS) }
  })
  const likely = likelihood(marked).filter(({ path }) => isSource(path))
  const expected = likely.reduce((sum, { probability }) => sum + probability, 0)
  const width = Math.log(Math.max(FEWEST, sources) / expected)
  return marked.map((file) => (isSource(file.path) ? { ...file, shift: width + (file.shift ?? 0) } : file))
}

function unranked(
  ranked: readonly Scored[],
  places: readonly RepoPath[],
  sizes: ReadonlyMap<RepoPath, Pick<FileSize, 'isGenerated'>>,
): Scored[] {
  const known = new Set(ranked.map(({ path }) => path))
  const { score = 0, isUnspokenOf, isGuess } = ranked.at(-1) ?? {}
  return places
    .filter((path) => sizes.has(path) && !known.has(path))
    .map((path) => ({
      ...{ path, score, evidence: () => [], isUnspokenOf, isGuess },
      ...(sizes.get(path)!.isGenerated ? { isGenerated: true as const } : {}),
    }))
}
