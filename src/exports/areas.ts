import { countEach } from '../groups.ts'
import type { RepoPath } from '../types.ts'

const MOST_OF_IT = 0.5 // share of the files: a folder with more is opened
const DEEPEST = 5

/**
 * The folders in which the files are, as a newcomer would list them, each with its number of files, the largest first. A folder that holds
 * most of all files is replaced by the folders in it. It is still listed for the files that lie directly in it: 'src/' beside 'src/cart/'.
 * deepest: how many levels.
 */
export function areas(
  paths: readonly RepoPath[],
  most: number,
  deepest = DEEPEST,
): readonly { readonly folder: string; readonly files: number }[] {
  let parts = new Map(paths.map((path) => [path, firstFolder(path, '')]))
  for (let depth = 1; depth < deepest; depth++) {
    const [largest] = [...countEach([...parts.values()])].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    if (!largest || largest[0] === '' || largest[1] <= MOST_OF_IT * paths.length) break
    const opened = new Map(
      [...parts].map(([path, folder]) => [path, folder === largest[0] ? firstFolder(path, folder) : folder]),
    )
    if ([...opened].every(([path, folder]) => folder === parts.get(path))) break
    parts = opened
  }
  return [...countEach([...parts.values()])]
    .filter(([folder]) => folder !== '')
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, most)
    .map(([folder, files]) => ({ folder, files }))
}

/** The area of a path: the longest one that holds it; null: none does. */
export function areaOf(path: RepoPath, folders: readonly string[]): string | null {
  return folders.reduce<string | null>(
    (best, one) => (path.startsWith(one) && one.length > (best?.length ?? -1) ? one : best),
    null,
  )
}

/** 'src/cart/' for 'src/cart/a.ts' below 'src/'; `below` itself for a file in it. */
function firstFolder(path: RepoPath, below: string): string {
  const end = path.indexOf('/', below.length)
  return end < 0 ? below : path.slice(0, end + 1)
}
