import type { Recipe } from '../recipe.ts'
import { recipeFor } from '../recipes/recipe-for.ts'
import type { Request } from '../request/read-request.ts'
import { nameFiles, type RankedFile } from '../retrieve/name-files.ts'
import { asUsual, placesOf } from '../retrieve/prior.ts'
import { rankFiles } from '../retrieve/rank-files.ts'
import type { FileSize } from '../store/facts.ts'
import type { Store } from '../store/open-store.ts'
import type { RepoPath } from '../types.ts'

/** The files of a request, ranked and named, as its recipe tells too. */
export function findFiles(store: Store, worktree: number, request: Request): RankedFile[] {
  const ranked = rankFiles(store, worktree, request)
  const recipe = recipeFor(store, worktree, request)
  return nameFiles(asUsual(ranked, recipe, sizesOfPlaces(store, worktree, recipe)))
}

/** How large the files are that a recipe changes, of those that can be changed. */
export function sizesOfPlaces(store: Store, worktree: number, recipe: Recipe | null): ReadonlyMap<RepoPath, FileSize> {
  return recipe ? store.facts.sizes(worktree, placesOf(recipe)) : new Map()
}

const LEAST = 50 // files

/** The ranked files, and where these are fewer than 50 others, sources first: nothing speaks for them, but a reader may know better. */
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
