import { isSource } from '../paths.ts'
import type { Recipe } from '../recipe.ts'
import type { FileSize } from '../store/facts.ts'
import type { RepoPath } from '../types.ts'
import { likelihood } from './likelihood.ts'
import type { Scored } from './score.ts'

const LIKELIER = 2 // log odds, added to what the signals tell of a file that a recipe names
/** Commits that changed nothing, added to those of a recipe: then files are changed about as often as is told (bench/kinds.ts, docs/results.md#recipes). */
export const DOUBTS = 2
const FEWEST = 0.5 // source files: of what changes none, some do

/** The files that a recipe says are changed. */
export function placesOf({ steps }: Pick<Recipe, 'steps'>): RepoPath[] {
  return steps.filter(({ isPattern }) => !isPattern).map(({ place }) => place)
}

/**
 * The ranked files with what the recipe of a request tells. A file that it names is likelier than the signals tell, and at least as likely as its
 * commits changed it; it is added where no signal speaks for it. Then the odds of all source files are moved until as many are expected as those
 * commits changed. What additions of any kind do tells nothing of one of them. Measured in docs/results.md#recipes.
 *
 * ranked: best first. sizes: those of the recipe's files that can be changed. Pure; O(n log n).
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
