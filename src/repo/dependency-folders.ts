import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs'
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
const MARKS: ReadonlyMap<string, readonly string[]> = new Map([
  ['.venv', ['pyvenv.cfg', 'conda-meta']],
  ['venv', ['pyvenv.cfg', 'conda-meta']],
  ['bundle', ['ruby', 'jruby', 'truffleruby']],
])

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
      !isInstalled(posix.dirname(path)) &&
      isDependencyFolder(root, path) &&
      !isOfAnother(root, posix.dirname(path)),
  )
  const ignored = await ignoredPaths(root, found, run)
  return found.filter((path) => isInstalled(path) || ignored.has(path)).sort()
}

/** Below a link, or in a submodule or another repository: git says nothing of what is there. */
function isOfAnother(root: string, folder: RepoPath): boolean {
  if (folder === '.') return false
  const path = join(root, folder)
  return lstatSync(path).isSymbolicLink() || existsSync(join(path, '.git')) || isOfAnother(root, posix.dirname(folder))
}

function isDependencyFolder(root: string, path: RepoPath): boolean {
  const absolute = join(root, path)
  try {
    if (!statSync(absolute).isDirectory()) return false
    const [real, top] = [realpathSync(absolute), realpathSync(root)]
    if (real === join(top, path)) return true
    const name = basename(absolute)
    const isSuch = MARKS.get(name)?.some((mark) => existsSync(join(real, mark))) ?? basename(real) === name
    return isSuch && top !== real && !top.startsWith(real + sep)
  } catch {
    return false // missing, or a link to nothing
  }
}
