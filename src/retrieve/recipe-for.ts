import type { Store } from '../store/open-store.ts'
import type { RecipeRow } from '../store/recipes.ts'
import type { RepoPath } from '../types.ts'
import { isStopWord, termsOf } from '../words.ts'
import { recipeLine } from './recipe-line.ts'

// On 360 requests of twelve repositories, each with recipes of before: 47 reach it, and of the files then named 76 in 100 were changed;
// with 4 instead of 6 it is 76 requests and 62 in 100 (bench/recipes.ts).
const SURE = 6
const SURE_BY_WORD = 3
const MOST_TERMS = 30 // a title that is a whole page matches everything
const FEWEST_STEPS = 2
const TYPE = /^(feat|feature|fix|chore|enh|enhancement|new)\b!?(?=\(|:)/i // its scope stays

/** The line that a pack shows of how this repository is usually changed for such a request, or null. See recipeFor. */
export function recipeLineFor(store: Store, worktree: number, request: string): string | null {
  const recipe = recipeFor(store, worktree, request)
  return recipe && recipeLine(recipe, request)
}

/**
 * The recipe that a request means: one by places whose subjects' words the title says, rare words counting more; without one, the one
 * of the rarest word that it shares with many subjects; without any, what additions of any kind take with them, such as a changelog
 * fragment. null: none of the three.
 *
 * Steps whose files are gone meanwhile are left out. Only the title counts: words of the body made no better choice. Reads the
 * recipes that hold a word of the title by an index, and one of them whole: under a millisecond.
 */
export function recipeFor(store: Store, worktree: number, request: string): RecipeRow | null {
  const exists = (path: RepoPath) => store.facts.file(worktree, path) !== undefined
  const meant = matchRecipe(store.recipes.saying(worktree, [...termsOfTitle(request)]), request)
  const recipe = meant && stillTrue(store.recipes.get(meant.id), FEWEST_STEPS, exists)
  if (recipe) return recipe
  const habit = store.recipes.habit(worktree)
  return habit && stillTrue(habit, 1, exists)
}

/** Which of some recipes a request means, without a habit. Pure; linear in their terms. */
export function matchRecipe<T extends Pick<RecipeRow, 'by' | 'word' | 'terms'>>(
  recipes: readonly T[],
  request: string,
): T | null {
  const said = termsOfTitle(request)
  const best = (by: RecipeRow['by'], least: number, score: (recipe: T) => number) =>
    recipes
      .filter((recipe) => recipe.by === by)
      .map((recipe) => ({ recipe, score: score(recipe) }))
      .filter(({ score }) => score >= least)
      .sort((a, b) => b.score - a.score)[0]?.recipe
  const weight = ({ terms }: T, counts: (term: string) => boolean) =>
    terms.reduce((sum, { term, weight }) => (said.has(term) && counts(term) ? sum + weight : sum), 0)
  return (
    best('places', SURE, (recipe) => weight(recipe, () => true)) ??
    best('word', SURE_BY_WORD, (recipe) => weight(recipe, (term) => term === recipe.word)) ??
    null
  )
}

function termsOfTitle(request: string): ReadonlySet<string> {
  const [title = ''] = request.trim().split('\n')
  return new Set(
    termsOf(title.replace(TYPE, ''))
      .slice(0, MOST_TERMS)
      .filter((term) => !isStopWord(term)),
  )
}

/** Fragments of a changelog come and go: their pattern stays. */
function stillTrue(recipe: RecipeRow, fewest: number, exists: (path: RepoPath) => boolean): RecipeRow | null {
  const steps = recipe.steps
    .map((step) => (step.kind === 'changelog' && step.model && !exists(step.model) ? { ...step, model: null } : step))
    .filter(({ kind, place, isPattern, model }) =>
      isPattern ? kind === 'changelog' || (model !== null && exists(model)) : exists(place),
    )
  return steps.length >= fewest ? { ...recipe, steps } : null
}
