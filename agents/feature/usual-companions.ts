import { countEach } from '../../src/groups.ts'
import { folderStart, kindOfPath } from '../../src/paths.ts'
import { recipeFor } from '../../src/recipes/recipe-for.ts'
import type { Request } from '../../src/request/read-request.ts'
import type { WorkingTree } from '../../src/retrieve/signal.ts'
import { lastCommits } from '../../src/text/last-commits.ts'
import type { RepoPath } from '../../src/types.ts'

/** Something that usually changes too: a file, or the pattern of a new one. */
export interface UsualCompanion {
  readonly path: string
  readonly why: string
}

const MOST = 5
const SEEDS: ReadonlySet<string> = new Set(['source', 'doc'])
const OFTEN = 0.66 // share of the commits
const TIMES = 3
const LOOKED_AT = 40 // commits a file, the newest

/**
 * Files that usually change with these and were not changed: first the steps of the recipe that the request means, then files that changed
 * in two of three commits (at least three) of a changed source file or page. Tests are no seeds: their partners are those of the tested
 * file. Data and configuration are left out: they change with releases. changed, created: paths. often: another share of the commits.
 * O(changed x commits x width).
 */
export function usualCompanions(
  tree: WorkingTree,
  request: Request,
  changed: readonly RepoPath[],
  created: readonly RepoPath[],
  { often = OFTEN, most = MOST }: { readonly often?: number; readonly most?: number } = {},
): UsualCompanion[] {
  const found = [...fromRecipe(tree, request, created), ...fromHistory(tree, changed, often)]
  const done = new Set<string>([...changed, ...created])
  return found
    .filter(({ path }, i) => !done.has(path) && found.findIndex((one) => one.path === path) === i)
    .slice(0, most)
}

function fromRecipe(
  { store, worktree }: WorkingTree,
  request: Request,
  created: readonly RepoPath[],
): UsualCompanion[] {
  const recipe = recipeFor(store, worktree, request)
  if (!recipe) return []
  const commits = recipe.commits.length
  return recipe.steps
    .filter(({ held }) => held >= TIMES && held >= OFTEN * commits)
    .filter(({ isPattern, isNew, place }) => !isPattern || (isNew && !created.some((path) => isOf(path, place))))
    .map(({ place, held, isPattern }) => ({
      path: place,
      why: `${isPattern ? 'a new one was made' : 'changed'} by ${held} of ${commits} past features of this kind`,
    }))
}

/** Whether a path is of a pattern. If the pattern begins with one folder, the path is anywhere in it; else each '*' and '<name>' is any name. */
function isOf(path: RepoPath, pattern: string): boolean {
  const folder = folderStart(pattern)
  if (!/[*<]/.test(folder)) return path.startsWith(folder)
  const parts = pattern.split(/\*|<[^<>]*>/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^/]*')}$`).test(path)
}

function fromHistory({ store, worktree }: WorkingTree, changed: readonly RepoPath[], often: number): UsualCompanion[] {
  const best = new Map<RepoPath, { share: number; why: string }>()
  for (const seed of changed.filter((path) => SEEDS.has(kindOfPath(path)))) {
    const commits = store.history.commitsOf(worktree, seed, LOOKED_AT)
    const together = [...store.history.pathsOf(worktree, commits).values()].flat()
    for (const [path, times] of countEach(together)) {
      const share = times / commits.length
      if (times < TIMES || share < often || share <= (best.get(path)?.share ?? 0)) continue
      best.set(path, { share, why: `changed in ${lastCommits(times, commits.length)} to ${seed}` })
    }
  }
  return [...best]
    .filter(([path]) => kindOfPath(path) !== 'other' && store.facts.isReadable(worktree, path))
    .sort((a, b) => b[1].share - a[1].share || (a[0] < b[0] ? -1 : 1))
    .map(([path, { why }]) => ({ path, why }))
}
