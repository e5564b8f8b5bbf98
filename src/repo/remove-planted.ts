import { lstatSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { entriesOf } from '../files/entries-of.ts'
import { removeTree } from '../files/remove-tree.ts'
import type { RepoPath } from '../types.ts'

/** What git reads in a folder before it looks at its files. */
const READ_FIRST = ['.gitignore', '.gitattributes', '.gitmodules', '.git']

/**
 * Removes what a check left beside the files of a snapshot for git to read: rules that hide new files or give them another content, and a
 * repository in a folder. They may hide themselves, so `git clean` leaves them. Folders without such files may keep theirs: caches do.
 *
 * paths: all files of the snapshot. isOwnFolder: false for a link in place of a folder.
 */
export async function removePlanted(
  root: string,
  paths: readonly RepoPath[],
  isOwnFolder: (folder: RepoPath) => boolean,
): Promise<void> {
  const known = new Set<RepoPath>(paths)
  const folders = new Set<RepoPath>(['.'])
  for (const path of paths)
    for (let above = posix.dirname(path); !folders.has(above); above = posix.dirname(above)) folders.add(above)
  for (const folder of folders) {
    if (!isOwnFolder(folder)) continue
    for (const name of READ_FIRST) {
      const path = posix.join(folder, name)
      if (path === '.git' || known.has(path) || folders.has(path)) continue
      if (lstatSync(join(root, path), { throwIfNoEntry: false })) await removeTree(join(root, path))
    }
  }
}

/** Removes pipes and the like that git would wait for, in all folders. Follows no link. */
export async function removePipes(folder: string | Buffer): Promise<void> {
  for (const { path, entry } of await entriesOf(folder))
    if (entry.isDirectory()) await removePipes(path)
    else if (READ_FIRST.includes(String(entry.name)) && !entry.isFile() && !entry.isSymbolicLink()) await rm(path)
}
