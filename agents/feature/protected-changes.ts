import { bareRepositoriesIn } from '../../src/edit/in-bare-repository.ts'
import type { Permission, ProtectedVerdict } from '../../src/edit/permission.ts'
import { shownPath } from '../../src/paths.ts'
import type { RepoPath } from '../../src/types.ts'

/** What happened to protected paths in a run. */
export interface ProtectedChanges {
  readonly changed: readonly ProtectedVerdict[]
  /** Paths that the agent tried to change without permission. */
  readonly refused: readonly ProtectedVerdict[]
}

/** changed: paths that the result changes. roots: the worktree, and the user's tree with its files that git ignores. */
export function protectedChanges(
  changed: readonly RepoPath[],
  permission: Permission,
  roots: readonly string[],
): ProtectedChanges {
  const isInBare = bareRepositoriesIn(roots, changed)
  return {
    changed: changed.flatMap((path) => permission.verdictOf(path, isInBare) ?? []),
    refused: permission.refused.filter(({ path }) => !changed.includes(path)),
  }
}

/** A line for the user for each refused path. isForeign: the request is a text from outside, in which naming a path allows nothing. */
export function sayRefusedPaths({ refused }: ProtectedChanges, isForeign: boolean): readonly string[] {
  const allow = (path: RepoPath) =>
    isForeign ? 'this request cannot allow it: change it by hand' : `name it in the request, or ${flagFor(path)}`
  return refused.map(({ path, why }) => `${shownPath(path)} was not changed: it is protected (${why}); ${allow(path)}`)
}

/** What the user can do to allow changes of protected paths. */
export function fixOfProtected(paths: readonly RepoPath[]): string {
  return `if that is wanted, name it in the request, or allow it: ${paths.map(flagFor).join(' ')}`
}

function flagFor(path: RepoPath): string {
  return `--allow ${/^[\w./@+-]+$/.test(path) ? path : JSON.stringify(path)}`
}
