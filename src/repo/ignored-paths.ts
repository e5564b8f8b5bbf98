import type { RepoPath } from '../types.ts'
import { git as defaultGit, GitError, type git, splitNul } from './git.ts'

/**
 * Those of some paths that git ignores at `root`, each with the file whose rule says so: relative to `root`, or absolute. Tracked paths
 * are not ignored; neither are paths that git refuses (outside the tree, behind a link). One git process; one each if git refuses a path.
 */
export async function ignoredPaths(
  root: string,
  paths: readonly RepoPath[],
  run: typeof git = defaultGit,
): Promise<ReadonlyMap<RepoPath, string>> {
  if (paths.length === 0) return new Map()
  try {
    const said = splitNul(await run(root, ['check-ignore', '-v', '-z', '--stdin'], { input: `${paths.join('\0')}\0` }))
    const found = new Map<RepoPath, string>()
    for (let at = 0; at + 3 < said.length; at += 4)
      if (!said[at + 2]!.startsWith('!')) found.set(said[at + 3]!, said[at]!) // source, line, pattern, path
    return found
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    if (error.exitCode === 1 || paths.length === 1) return new Map() // exit code 1 means: none of them
    const each = await Promise.all(paths.map((path) => ignoredPaths(root, [path], run)))
    return new Map(each.flatMap((one) => [...one]))
  }
}
