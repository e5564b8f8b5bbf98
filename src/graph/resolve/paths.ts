import type { RepoPath } from '../../types.ts'

/** The parent folder of a path; '' for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

/** `rest` inside `folder`, where '' is the root. Not normalised. */
export function below(folder: string, rest: string): string {
  return folder === '' ? rest : rest === '' ? folder : `${folder}/${rest}`
}

/** `relative` ('./a', '../a/b', 'a/') resolved from `folder`, normalised, without a trailing slash; null if it leaves the root. */
export function joinPath(folder: string, relative: string): string | null {
  let at = folder
  let start = 0
  for (;;) {
    if (relative.startsWith('./', start)) start += 2
    else if (relative.startsWith('../', start)) {
      if (at === '') return null
      at = folderOf(at)
      start += 3
    } else break
  }
  // From here on nearly all paths are plain; splitting them would be most of the cost of a resolution.
  const rest = relative.slice(start)
  return rest !== '' && !UNUSUAL.test(rest) ? below(at, rest) : joinSegments(at, rest)
}

/** Contains an empty segment, '.' or '..'. */
const UNUSUAL = /^[./]|\/[./]|\/$/

function joinSegments(folder: string, relative: string): string | null {
  const segments = folder === '' ? [] : folder.split('/')
  for (const segment of relative.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.pop() === undefined) return null
  }
  return segments.join('/')
}

/** The folder, its parent, and so on up to the root ''. */
export function upwards(folder: string): readonly string[] {
  const chain = [folder]
  for (let at = folder; at !== ''; chain.push(at)) at = folderOf(at)
  return chain
}

/** The paths or folders that share the most leading folders with `folder`. */
export function nearest(folder: string, paths: readonly RepoPath[]): readonly RepoPath[] {
  if (paths.length < 2) return paths
  const shared = paths.map((path) => sharedFolders(folder, path))
  const most = shared.reduce((most, one) => Math.max(most, one), 0)
  return paths.filter((_, i) => shared[i] === most)
}

function sharedFolders(folder: string, path: string): number {
  const ours = folder === '' ? [] : folder.split('/')
  const theirs = path.split('/')
  let count = 0
  while (count < ours.length && ours[count] === theirs[count]) count++
  return count
}
