import type { FileSize } from '../store/facts.ts'
import type { LearnedRanking } from '../store/learning.ts'
import type { Store } from '../store/open-store.ts'
import type { RecipeRow } from '../store/recipes.ts'
import type { RepoPath } from '../types.ts'
import { ALTERNATIVES, type Alternative, CHOSEN_AMONG, SHIPPED } from './alternatives.ts'
import { nameFiles, type RankedFile } from './name-files.ts'
import { rankFiles } from './rank-files.ts'
import { recipeFor } from './recipe-for.ts'
import { asUsual, placesOf, withUnranked } from './usual.ts'

/**
 * The files of a request, ranked and named, in the way that the past of this working tree has taught if the gates let it through: by which weights,
 * and as the recipe of the request tells.
 */
export function findFiles(store: Store, worktree: number, request: string): RankedFile[] {
  const { weights, shift, byRecipes } = rankingInUse(store, worktree)
  const ranked = rankFiles(store, worktree, request, weights)
  const recipe = byRecipes ? recipeFor(store, worktree, request) : null
  const all = withUnranked(ranked, recipe, sizesOfPlaces(store, worktree, recipe))
  return nameFiles(asUsual(all, recipe, shift), shift)
}

/** How large the files are that a recipe changes, of those that can be changed. */
export function sizesOfPlaces(
  store: Store,
  worktree: number,
  recipe: RecipeRow | null,
): ReadonlyMap<RepoPath, FileSize> {
  return recipe ? store.facts.sizes(worktree, placesOf(recipe)) : new Map()
}

export interface RankingInUse extends Alternative {
  /** Whether the recipe of a request tells it: see asUsual. */
  readonly byRecipes: boolean
}

/** What the gates let through, unless HEAD cannot see what it was learned from: that is of another branch, or of later. Else what ships. */
export function rankingInUse(store: Store, worktree: number): RankingInUse {
  const learned = learnedRanking(store, worktree)
  if (!learned || !store.history.reaches(worktree, learned.newest)) return { ...SHIPPED, byRecipes: true }
  const chosen = learned.adopted ? ALTERNATIVES.find(({ name }) => name === learned.choice) : undefined
  return { ...(chosen ?? SHIPPED), byRecipes: learned.byRecipes }
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

/**
 * What was learned last, in this working tree, or in another one from what this one's HEAD can see; if it was chosen among the weights of today: what was best among
 * others may not be now.
 */
export function learnedRanking(store: Store, worktree: number): LearnedRanking | null {
  const learned = store.learning.ranking(store.learning.holdingIn(worktree, CHOSEN_AMONG) ?? worktree)
  return learned?.among === CHOSEN_AMONG ? learned : null
}
