import { existsSync, realpathSync, statSync } from 'node:fs'
import { basename, join, posix, sep } from 'node:path'
import type { RepoPath } from '../types.ts'
import type { git } from './git.ts'
import { ignoredPaths } from './ignored-paths.ts'

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

/** What package managers write into these folders, by the folder's name. */
const MARKS: Readonly<Record<string, readonly string[]>> = {
  '.venv': ['pyvenv.cfg', 'conda-meta'],
  venv: ['pyvenv.cfg', 'conda-meta'],
  bundle: ['ruby', 'jruby', 'truffleruby'],
}

/**
 * Untracked folders of installed dependencies: those beside a manifest, and those in the top folder. A link counts only if it leads to
 * such a folder: it may have come with the repository, and what it leads to is shown to checks.
 *
 * paths: every path that git tracks or would track. Returns repository paths, sorted.
 */
export async function dependencyFolders(
  root: string,
  paths: readonly RepoPath[],
  run: typeof git,
): Promise<RepoPath[]> {
  const files = new Set(paths)
  const wanted = new Set(ANYWHERE)
  const tracked = new Set<string>()
  for (const path of paths) {
    const folder = posix.dirname(path)
    tracked.add(path)
    for (let above = folder; above !== '.' && !tracked.has(above); above = posix.dirname(above)) tracked.add(above)
    for (const { manifest, folders } of FOLDERS) {
      if (manifest.test(posix.basename(path))) for (const name of folders) wanted.add(posix.join(folder, name))
    }
  }
  const found = [...wanted].filter(
    (path) =>
      !tracked.has(path) &&
      !foldersOf(path).some((folder) => files.has(folder)) && // a link, or a submodule
      !isInstalled(posix.dirname(path)) &&
      isDependencyFolder(root, path),
  )
  const ignored = await ignoredPaths(root, found, run)
  return found.filter((path) => isInstalled(path) || ignored.has(path)).sort()
}

/** The folders around a path, innermost first. */
function foldersOf(path: RepoPath): readonly RepoPath[] {
  const above = posix.dirname(path)
  return above === '.' ? [] : [above, ...foldersOf(above)]
}

function isDependencyFolder(root: string, path: RepoPath): boolean {
  const absolute = join(root, path)
  try {
    if (!statSync(absolute).isDirectory()) return false
    const [real, top] = [realpathSync(absolute), realpathSync(root)]
    if (real === join(top, path)) return true
    const name = basename(absolute)
    const isSuch = MARKS[name]?.some((mark) => existsSync(join(real, mark))) ?? basename(real) === name
    return isSuch && top !== real && !top.startsWith(real + sep)
  } catch {
    return false // missing, or a link to nothing
  }
}
