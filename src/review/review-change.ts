import { LEAST, likelyCompanions } from '../companions/likely-companions.ts'
import type { Recipe } from '../recipe.ts'
import { unfinished } from '../recipes/unfinished.ts'
import type { ChangedFile } from '../repo/changed-files.ts'
import type { Store } from '../store/open-store.ts'
import { pastOf } from '../store/past-of.ts'
import type { RepoPath } from '../types.ts'
import { type Finding, findingOfCompanion, findingOfStep } from './finding.ts'

export interface Reviewed {
  readonly changes: readonly ChangedFile[]
  /** All paths that the index holds. */
  readonly tracked: ReadonlySet<RepoPath>
  /** Files that are changed in the working tree only. */
  readonly unstaged: ReadonlySet<RepoPath>
  /** Commits of the change itself. They do not count as history. */
  readonly own: readonly string[]
  /** The recipe that the request for the change means (recipeFor). Left out: only created files begin a recipe. */
  readonly meant?: Recipe | null
}

/**
 * Finds what a change lacks, judged by the history of its repository: first the missing steps of a recipe that the change
 * begins, then files that usually change with the changed ones, most probable first. The history must be up to date;
 * recipes are those of the last pass. Calls no model.
 */
export function reviewChange(
  store: Store,
  worktree: number,
  { changes, tracked, unstaged, own, meant = null }: Reviewed,
): Finding[] {
  if (changes.length === 0) return []
  const before = changes.map(({ path, was }) => was ?? path)
  const among = new Set([...before, ...changes.map(({ path }) => path)])
  const exists = (path: RepoPath) => tracked.has(path) && !among.has(path)
  const past = pastOf(store, worktree, new Set(store.history.idsOf(own)))
  const created = changes.filter(({ kind }) => kind === 'created').map(({ path }) => path)
  const miner = created.length === 0 ? null : store.recipes.holdingIn(worktree)
  const recipes = miner === null ? [] : store.recipes.all(miner)
  const steps = unfinished(recipes, { created, changed: [...among] }, past.pathsOfHashes, meant)
  const left = steps
    .filter(({ step }) => step.isPattern || exists(step.place))
    .map((one) => findingOfStep(one, changes[0]!.path))
  const unfinishedPaths = new Set(left.map(({ path }) => path))
  const usual = likelyCompanions(past, before, exists)
    .filter(({ path, probability }) => probability >= LEAST && !unfinishedPaths.has(path))
    .map((companion) => findingOfCompanion(companion, unstaged.has(companion.path)))
  return [...left, ...usual]
}
