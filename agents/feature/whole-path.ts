import { shownPath } from '../../src/paths.ts'
import type { Edit, RepoPath } from '../../src/types.ts'

const CUT = /(…|\.\.\.)$/
const SHOWN = 5

/**
 * Completes a path that was shown shortened: 'src/very-long…'. Any other path is returned unchanged. Several matches are a problem, in
 * words for the model.
 */
export async function wholePath(
  path: string,
  beginningWith: (beginning: string) => Promise<readonly RepoPath[]> | readonly RepoPath[],
): Promise<{ readonly path: RepoPath } | { readonly problem: string }> {
  const beginning = path.replace(CUT, '')
  if (beginning === path || beginning === '') return { path }
  const found = await beginningWith(beginning)
  if (found.length === 1) return { path: found[0]! }
  if (found.length === 0) return { path }
  const shown = found.slice(0, SHOWN).map(shownPath)
  return {
    problem: `${found.length} paths begin with ${shownPath(beginning)}: ${shown.join(', ')}${found.length > SHOWN ? ', ...' : ''}`,
  }
}

/** An edit of a file that was shown, by its full path. */
export async function withWholePath(edit: Edit, seen: ReadonlySet<RepoPath>): Promise<Edit> {
  const whole = await wholePath(edit.path, (beginning) => [...seen].filter((path) => path.startsWith(beginning)))
  return 'path' in whole ? { ...edit, path: whole.path } : edit
}
