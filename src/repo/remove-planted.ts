import { lstatSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { isAbsolute, join, posix } from 'node:path'
import { entriesOf } from '../files/entries-of.ts'
import { removeTree } from '../files/remove-tree.ts'
import type { RepoPath } from '../types.ts'
import { type git, splitNul } from './git.ts'

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

/**
 * Removes what git ignores in folders on the way to new files in which it lists nothing: checks have left it there, also rules for the new
 * files. Two git processes if there is such a folder.
 *
 * index: absolute path of the index that counts.
 */
export async function removeLeftovers(
  root: string,
  created: readonly RepoPath[],
  index: string,
  run: typeof git,
): Promise<void> {
  const top = realpathSync(root)
  const folders = new Set<RepoPath>()
  for (const path of created.filter(isPlain))
    for (let above = posix.dirname(path); above !== '.' && !folders.has(above); above = posix.dirname(above))
      if (isFolderAt(join(top, above))) folders.add(above)
  if (folders.size === 0) return
  for (const folder of folders) await removePipesIn(join(top, folder))
  const listIn = (which: readonly RepoPath[]) => ['--', ...which.map((folder) => `:(top,literal)${folder}`)]
  const env = { GIT_INDEX_FILE: index }
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...listIn([...folders])]
  const listed = splitNul(await run(root, list, { env }))
  const empty = [...folders].filter((folder) => !listed.some((path) => `${path}/`.startsWith(`${folder}/`)))
  if (empty.length > 0) await run(root, ['clean', '-ffdqX', ...listIn(empty)], { env })
}

const isPlain = (path: RepoPath) => !isAbsolute(path) && !path.split(/[\\/]/).includes('..')

/** Of rules for a folder: git would wait for them. */
async function removePipesIn(folder: string): Promise<void> {
  for (const name of READ_FIRST) {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false })
    if (stats && !stats.isFile() && !stats.isDirectory()) await rm(join(folder, name))
  }
}

/** Whether it is a folder, and no part of the path is a link. path: below a real path. */
export function isFolderAt(path: string): boolean {
  try {
    return realpathSync(path) === path && lstatSync(path).isDirectory()
  } catch (error) {
    if (/^(ENOENT|ENOTDIR|ELOOP)$/.test((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
