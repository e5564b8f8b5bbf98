import type { Recipe } from '../src/history/recipe.ts'
import { mineRecipes } from '../src/history/recipes.ts'
import { readAdditions } from '../src/history/recipes-read.ts'
import { git } from '../src/repo/git.ts'

/** The recipes of a repository as they were mined just before a commit: from its ancestors, for the files of its first parent, whose id is `base`. */
export async function recipesBefore(
  root: string,
  commit: string,
): Promise<{ base: string; recipes: readonly Recipe[] }> {
  const base = (await git(root, ['rev-parse', `${commit}^`])).trim()
  const paths = new Set((await git(root, ['ls-tree', '-r', '-z', '--name-only', base])).split('\0').filter(Boolean))
  return { base, recipes: mineRecipes((await readAdditions(root, base)).additions, paths).recipes }
}
