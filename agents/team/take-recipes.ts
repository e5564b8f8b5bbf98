import { groupBy } from '../../src/groups.ts'
import { RECIPES_VERSION } from '../../src/indexing/learn-recipes.ts'
import { breather } from '../../src/processes/breathe.ts'
import type { Recipe } from '../../src/recipe.ts'
import { confirmRecipe, type KnownCommit } from '../../src/recipes/confirm-recipe.ts'
import { patternsOf } from '../../src/recipes/places.ts'
import type { SharedRecipe } from '../../src/team/row.ts'
import type { RepoPath } from '../../src/types.ts'
import type { TakeOptions } from './take-summaries.ts'

export interface TakenRecipes {
  readonly taken: number
  readonly notAsked: number
  /** Recipes that this clone's own history does not confirm. */
  readonly unconfirmed: number
}

/**
 * Saves recipes that were mined at a commit that HEAD can see, if none were mined here. Each has to be confirmed by the history of this
 * clone: nothing is believed. The next pass mines its own in their place. Call it inside a transaction. Throws the signal's reason when it is
 * aborted.
 */
export async function takeRecipes(
  rows: readonly SharedRecipe[],
  { store, worktree, origin, signal }: TakeOptions,
): Promise<TakenRecipes> {
  const own = store.recipes.mining(worktree)
  const usable = rows.filter(({ version }) => version === RECIPES_VERSION)
  const heads = [...groupBy(usable, ({ head }) => head)]
  const nearest = store.history.nearest(
    worktree,
    heads.map(([head]) => head),
  )
  const some = own && !own.origin ? [] : (heads.find(([head]) => head === nearest)?.[1] ?? [])
  if (some.length === 0 || nearest === null) return { taken: 0, notAsked: rows.length, unconfirmed: 0 }
  const breathe = breather(signal)
  const hashes = some.flatMap(({ recipe }) => recipe.commits.map(({ hash }) => hash))
  const known = await knownCommits([...new Set(hashes)], { store, worktree }, breathe)
  const exists = (path: string) => store.facts.file(worktree, path) !== undefined
  const confirmed: Recipe[] = []
  for (const { recipe } of [...some].sort((a, b) => a.position - b.position)) {
    await breathe()
    const one = confirmRecipe(recipe, known, exists)
    if (one) confirmed.push(one)
  }
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

const TOGETHER = 200 // commits

async function knownCommits(
  hashes: readonly string[],
  { store, worktree }: Pick<TakeOptions, 'store' | 'worktree'>,
  breathe: () => Promise<void> | undefined,
): Promise<Map<string, KnownCommit>> {
  const known = new Map<string, KnownCommit>()
  for (let at = 0; at < hashes.length; at += TOGETHER) {
    const described = store.history.described(store.history.idsOf(hashes.slice(at, at + TOGETHER)))
    const paths = store.history.pathsOf(worktree, described)
    for (const { id, hash, subject } of described) {
      const [own, patterns] = [new Set<RepoPath>(), new Set<string>()]
      for (const path of paths.get(id) ?? []) {
        await breathe()
        own.add(path)
        for (const pattern of patternsOf(path)) patterns.add(pattern)
      }
      known.set(hash, { subject, paths: own, patterns })
    }
  }
  return known
}
