import { recipeFor } from '../../src/recipes/recipe-for.ts'
import { trackedFiles } from '../../src/repo/changed-files.ts'
import { readRequest } from '../../src/request/read-request.ts'
import type { Finding } from '../../src/review/finding.ts'
import { reviewChange } from '../../src/review/review-change.ts'
import type { RepoPath } from '../../src/types.ts'
import { givenText } from './limits.ts'
import type { ServedIndex } from './served-index.ts'

const MOST_PATHS = 200

export interface ChangesWith {
  readonly compared: 'files'
  readonly changed: RepoPath[]
  readonly findings: Finding[]
  /** Changed paths that git does not know: they are taken as new. */
  readonly unknown: readonly RepoPath[]
  /** How many of the given paths were not looked at, since they are too many. */
  readonly left: number
}

/**
 * What a change of exactly these files lacks by the past of its repository (src/review): the answer of `repose check --files` too. request:
 * the words of what the change is for; steps of the recipe that it means count as well. One git process.
 */
export async function changesWith(
  given: readonly string[],
  request: string | undefined,
  { repo, store, worktree }: ServedIndex,
): Promise<ChangesWith> {
  const changed = [...new Set(given.slice(0, MOST_PATHS).map((path) => path.replace(/^\.\//, '')))]
  const tracked = await trackedFiles(repo)
  const changes = changed.map((path) => {
    const kind = tracked.has(path) ? ('modified' as const) : ('created' as const)
    return { kind, path, was: null }
  })
  const asked = request === undefined ? null : readRequest(givenText(request, 'request'))
  const meant = asked && recipeFor(store, worktree, asked)
  const change = { changes, tracked, unstaged: new Set<RepoPath>(), own: [], meant }
  return {
    compared: 'files',
    changed,
    findings: reviewChange(store, worktree, change),
    unknown: changed.filter((path) => !tracked.has(path)),
    left: Math.max(0, given.length - MOST_PATHS),
  }
}
