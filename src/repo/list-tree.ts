import { breather } from '../breathe.ts'
import type { RepoPath } from '../types.ts'
import type { PathReason } from './default-ignores.ts'
import { git, splitNul } from './git.ts'
import { readIgnoreRules } from './ignore-rules.ts'
import { digestOf, type Listing, SUBMODULE, SYMLINK } from './list-files.ts'

/**
 * The tree of a commit as listFiles would list it if it were checked out with nothing changed.
 * One git process, and one more for each ignore file. O(files).
 */
export async function listTree(root: string, commit: string): Promise<Listing> {
  const entries = splitNul(await git(root, ['ls-tree', '-r', '-z', commit])).map((entry) => {
    const tab = entry.indexOf('\t')
    const [mode, , blob] = entry.slice(0, tab).split(' ') as [string, string, string]
    return { mode, blob, path: entry.slice(tab + 1) }
  })
  const links = new Set(entries.filter(({ mode }) => mode === SYMLINK).map(({ path }) => path))
  const blobs = new Map(entries.map(({ path, blob }) => [path, blob]))
  const reasonOf = await readIgnoreRules([...blobs.keys()], (path) =>
    links.has(path) ? '' : git(root, ['cat-file', 'blob', blobs.get(path)!]),
  )
  const files: { path: RepoPath; blob: string }[] = []
  const leftOut: { path: RepoPath; reason: PathReason }[] = []
  const breathe = breather()
  for (const { mode, path, blob } of entries.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    await breathe()
    const reason = mode === SYMLINK ? 'symbolic link' : mode === SUBMODULE ? 'submodule' : reasonOf(path)
    if (reason) leftOut.push({ path, reason })
    else files.push({ path, blob })
  }
  return { files, leftOut, digest: digestOf(files, leftOut) }
}
