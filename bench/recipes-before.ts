import { readAdditions } from '../src/indexing/read-additions.ts'
import type { Recipe } from '../src/recipe.ts'
import { type IsKnown, knownWith } from '../src/recipes/match-recipe.ts'
import { mineRecipes } from '../src/recipes/mine-recipes.ts'
import { git } from '../src/repo/git.ts'
import { termsOf } from '../src/request/words.ts'

/**
 * The recipes of a repository as mined just before a commit: from its ancestors, for the files of its first parent, whose id is `base`;
 * and whether terms of a request are known: see knownWith.
 */
export async function recipesBefore(
  root: string,
  commit: string,
): Promise<{ base: string; recipes: readonly Recipe[]; isKnown: IsKnown }> {
  const base = (await git(root, ['rev-parse', `${commit}^`])).trim()
  const paths = new Set((await git(root, ['ls-tree', '-r', '-z', '--name-only', base])).split('\0').filter(Boolean))
  const said = [...paths].map((path) => new Set(termsOf(path)))
  const recipes = mineRecipes((await readAdditions(root, base)).additions, paths)
  const isKnown = knownWith(recipes, (terms) => said.some((some) => terms.every((term) => some.has(term))))
  return { base, recipes, isKnown }
}
