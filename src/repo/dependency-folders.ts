import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { RepoPath } from '../types.ts'
import { GitError, type git, splitNul } from './git.ts'

/** Folders where package managers install the dependencies of a folder with such a manifest. */
const FOLDERS: readonly { readonly manifest: RegExp; readonly folders: readonly string[] }[] = [
  { manifest: /^package\.json$/, folders: ['node_modules'] },
  { manifest: /^(pyproject\.toml|setup\.(py|cfg)|requirements[^/]*\.txt|Pipfile)$/, folders: ['.venv', 'venv'] },
  { manifest: /^Gemfile$/, folders: ['vendor/bundle'] },
]
const ANYWHERE = FOLDERS.flatMap(({ folders }) => folders)

/** True for paths that package managers install, whether git ignores them or not. */
export function isInstalled(path: RepoPath): boolean {
  return /(^|\/)node_modules(\/|$)/.test(path)
}

/**
 * Untracked folders of installed dependencies: those beside a manifest, and those in the top folder.
 *
 * paths: every path that git tracks or would track. Returns repository paths, sorted.
 */
export async function dependencyFolders(
  root: string,
  paths: readonly RepoPath[],
  run: typeof git,
): Promise<RepoPath[]> {
  const wanted = new Set(ANYWHERE)
  const tracked = new Set<string>()
  for (const path of paths) {
    const folder = posix.dirname(path)
    for (let above = folder; above !== '.' && !tracked.has(above); above = posix.dirname(above)) tracked.add(above)
    for (const { manifest, folders } of FOLDERS) {
      if (manifest.test(posix.basename(path))) for (const name of folders) wanted.add(posix.join(folder, name))
    }
  }
  const found = [...wanted].filter(
    (path) => !tracked.has(path) && !isInstalled(posix.dirname(path)) && existsSync(join(root, path)),
  )
  const ignored = await ignoredOf(root, found, run)
  return found.filter((path) => isInstalled(path) || ignored.has(path)).sort()
}

async function ignoredOf(root: string, paths: readonly RepoPath[], run: typeof git): Promise<ReadonlySet<RepoPath>> {
  if (paths.length === 0) return new Set()
  try {
    return new Set(splitNul(await run(root, ['check-ignore', '-z', '--stdin'], { input: `${paths.join('\0')}\0` })))
  } catch (error) {
    if (error instanceof GitError && error.exitCode === 1) return new Set() // exit code 1 means: none of them
    throw error
  }
}
