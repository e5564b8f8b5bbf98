import { groupBy } from '../../src/groups.ts'
import { RECIPES_VERSION } from '../../src/indexing/learn-recipes.ts'
import { confirmRecipe, type KnownCommit } from '../../src/recipes/confirm-recipe.ts'
import type { SharedRecipe } from '../../src/team/row.ts'
import type { TakeOptions } from './take-summaries.ts'

export interface TakenRecipes {
  readonly taken: number
  readonly notAsked: number
  /** Recipes that this clone's own history does not confirm. */
  readonly unconfirmed: number
}

/**
 * Saves recipes that were mined at a commit that HEAD can see, if none were mined here. Each has to be confirmed by the history of this
 * clone: nothing is believed. The next pass mines its own in their place. Call it inside a transaction.
 */
export function takeRecipes(rows: readonly SharedRecipe[], { store, worktree, origin }: TakeOptions): TakenRecipes {
  const own = store.recipes.mining(worktree)
  const usable = rows.filter(({ version }) => version === RECIPES_VERSION)
  const heads = [...groupBy(usable, ({ head }) => head)]
  const nearest = store.history.nearest(
    worktree,
    heads.map(([head]) => head),
  )
  const some = own && !own.origin ? [] : (heads.find(([head]) => head === nearest)?.[1] ?? [])
  if (some.length === 0 || nearest === null) return { taken: 0, notAsked: rows.length, unconfirmed: 0 }
  const known = knownCommits(
    some.flatMap(({ recipe }) => recipe.commits.map(({ hash }) => hash)),
    { store, worktree },
  )
  const exists = (path: string) => store.facts.file(worktree, path) !== undefined
  const confirmed = [...some]
    .sort((a, b) => a.position - b.position)
    .flatMap(({ recipe }) => confirmRecipe(recipe, known, exists) ?? [])
  const counts = {
    taken: confirmed.length,
    notAsked: rows.length - some.length,
    unconfirmed: some.length - confirmed.length,
  }
  const isSame = own?.head === nearest && store.recipes.count(worktree) === confirmed.length
  if (confirmed.length === 0 || isSame) return { ...counts, taken: 0 }
  const { head, version, additions, at } = some[0]!
  store.recipes.replace(worktree, { head, version, additions, minedAt: at, origin }, confirmed)
  return counts
}

function knownCommits(
  hashes: readonly string[],
  { store, worktree }: Pick<TakeOptions, 'store' | 'worktree'>,
): Map<string, KnownCommit> {
  const described = store.history.described(store.history.idsOf([...new Set(hashes)]))
  const paths = store.history.pathsOf(worktree, described)
  return new Map(described.map(({ id, hash, subject }) => [hash, { subject, paths: paths.get(id) ?? [] }]))
}
