import type { Recipe } from '../recipe.ts'
import type { Request } from '../request/read-request.ts'
import type { Store } from '../store/open-store.ts'
import type { RepoPath } from '../types.ts'
import { kindAdded, knownWith, matchRecipe } from './match-recipe.ts'
import { recipeLine } from './recipe-line.ts'

const MAY_BE_FEATURE: ReadonlySet<string> = new Set(['feature', 'unclear'])

/** The recipe of a request as one line for a pack; null: none. See recipeFor. */
export function recipeLineFor(store: Store, worktree: number, request: Request): string | null {
  const recipe = recipeFor(store, worktree, request)
  return recipe && recipeLine(recipe, request.title)
}

/**
 * The recipe that a request means (matchRecipe). Otherwise the habit: what additions of any kind take with them, such
 * as a changelog fragment; but not if the title reads like a fix. null: there is neither, or HEAD cannot see the commit
 * where they were mined: it is on another branch, or newer than the checkout. If none were mined in this working tree,
 * those of another one of the repository count.
 *
 * Steps whose files are gone are left out. Only the title counts: words of the body chose no better. Reads the words of
 * all recipes, and one whole recipe: under a millisecond.
 */
export function recipeFor(store: Store, worktree: number, { title, reading, recipeTerms }: Request): Recipe | null {
  const miner = store.recipes.holdingIn(worktree)
  if (miner === null) return null
  const exists = (path: RepoPath) => store.facts.file(worktree, path) !== undefined
  const mayBeFeature = MAY_BE_FEATURE.has(reading)
  const all = store.recipes.words(miner)
  const isKnown = knownWith(all, (terms) => store.search.isInPath(worktree, terms))
  const kind = mayBeFeature ? kindAdded(title, isKnown) : null
  const meant = matchRecipe(all, { terms: recipeTerms, kind })
  const recipe = meant && stillTrue(store.recipes.get(meant.id), exists)
  if (recipe) return recipe
  if (!mayBeFeature) return null
  const habit = store.recipes.habit(miner)
  return habit && stillTrue(habit, exists)
}

const FEWEST_STEPS = 2 // left of several; a recipe that was mined with one step keeps it

/** The recipe without steps whose files are gone; null: too few are left. Changelog fragments come and go, so their pattern stays. */
function stillTrue(recipe: Recipe, exists: (path: RepoPath) => boolean): Recipe | null {
  const steps = recipe.steps
    .map((step) => (step.kind === 'changelog' && step.model && !exists(step.model) ? { ...step, model: null } : step))
    .filter(({ kind, place, isPattern, model }) =>
      isPattern ? kind === 'changelog' || (model !== null && exists(model)) : exists(place),
    )
  return steps.length >= Math.min(FEWEST_STEPS, recipe.steps.length) ? { ...recipe, steps } : null
}
