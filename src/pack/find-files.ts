import type { Recipe } from '../recipe.ts'
import { recipeFor } from '../recipes/recipe-for.ts'
import type { Request } from '../request/read-request.ts'
import { nameFiles, type RankedFile } from '../retrieve/name-files.ts'
import { asUsual, placesOf } from '../retrieve/prior.ts'
import { rankFiles } from '../retrieve/rank-files.ts'
import type { FileSize } from '../store/facts.ts'
import type { Store } from '../store/open-store.ts'
import type { RepoPath } from '../types.ts'

/** The files for a request: ranked, with its recipe as a prior, and with their roles. */
export function findFiles(store: Store, worktree: number, request: Request): RankedFile[] {
  const ranked = rankFiles(store, worktree, request)
  const recipe = recipeFor(store, worktree, request)
  return nameFiles(asUsual(ranked, recipe, sizesOfPlaces(store, worktree, recipe)))
}

/** Sizes of the files that a recipe names, without files that cannot be changed. */
export function sizesOfPlaces(store: Store, worktree: number, recipe: Recipe | null): ReadonlyMap<RepoPath, FileSize> {
  return recipe ? store.facts.sizes(worktree, placesOf(recipe)) : new Map()
}

const LEAST = 50 // files

/**
 * The ranked files. If they are fewer than 50, other files fill the list, sources first: no signal finds those, but a
 * reader may know better.
 */
export function withOthers(store: Store, worktree: number, ranked: readonly RankedFile[]): readonly RankedFile[] {
  if (ranked.length >= LEAST) return ranked
  const known = new Set(ranked.map(({ path }) => path))
  const others = store.facts
    .firstReadable(worktree, 2 * LEAST)
    .filter((path) => !known.has(path))
    .slice(0, LEAST - ranked.length)
  return [
    ...ranked,
    ...others.map((path) => ({ path, score: 0, role: 'maybe' as const, why: [], isGuess: true as const })),
  ]
}
