import { lstatSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { isAbsolute, join, posix } from 'node:path'
import { entriesOf } from '../files/entries-of.ts'
import { makeReachable, removeTree } from '../files/remove-tree.ts'
import { statsAt } from '../files/stats-at.ts'
import { foldersAbove } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import { GitError, type git, splitNul } from './git.ts'

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

/**
 * Removes what git waits for, or reads without end, in all folders of a working tree: pipes and the like in place of rules, and
 * repositories, whose HEAD may be a pipe and whose refs may be links to a device. Follows no link.
 */
export async function removeEndless(folder: string | Buffer, isTop = true): Promise<void> {
  for (const { path, entry } of await entriesOf(folder))
    if (String(entry.name) === '.git' && !isTop) await rm(path, { recursive: true, force: true })
    else if (entry.isDirectory()) await removeEndless(path, false)
    else if (READ_FIRST.includes(String(entry.name)) && !entry.isFile() && !entry.isSymbolicLink()) await rm(path)
}

/**
 * Removes what git ignores in folders on the way to new files in which it lists nothing: checks have left it there, also rules for the new
 * files. Two git processes if there is such a folder. Linear in the paths and in what git lists.
 *
 * index: absolute path of the index that counts. isKnown: whether a folder was there before any check.
 */
export async function removeLeftovers(
  root: string,
  created: readonly RepoPath[],
  { index, isKnown }: { readonly index: string; readonly isKnown: (folder: RepoPath) => boolean },
  run: typeof git,
): Promise<void> {
  const top = realpathSync(root)
  const folders = new Set<RepoPath>()
  for (const path of created.filter(isPlain))
    for (const above of foldersAbove(path)) {
      if (!statsAt(join(top, above))?.isDirectory()) break
      if (!isKnown(above)) folders.add(above)
    }
  if (folders.size === 0) return
  for (const folder of folders) await removePipesIn(join(top, folder))
  const listIn = (which: readonly RepoPath[]) => ['--', ...which.map((folder) => `:(top,literal)${folder}`)]
  const highest = (of: (folder: RepoPath) => boolean) =>
    [...folders].filter((folder) => of(folder) && !(folders.has(posix.dirname(folder)) && of(posix.dirname(folder))))
  const env = { GIT_INDEX_FILE: index }
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...listIn(highest(() => true))]
  const held = new Set<RepoPath>()
  for (const path of splitNul(await run(root, list, { env })))
    for (let above = path.replace(/\/$/, ''); above !== '.' && !held.has(above); above = posix.dirname(above))
      held.add(above)
  const empty = highest((folder) => !held.has(folder))
  if (empty.length === 0) return
  const clean = () => run(root, ['clean', '-ffdqX', ...listIn(empty)], { env })
  await clean().catch(async (error: unknown) => {
    if (!(error instanceof GitError)) throw error
    await makeReachable(root) // a check may have closed a folder
    await clean()
  })
}

const LONGEST_PATH = 4096 // characters; the limit of the system is as many bytes

const isPlain = (path: RepoPath) =>
  path.length < LONGEST_PATH && !path.includes('\0') && !isAbsolute(path) && !path.split(/[\\/]/).includes('..')

/** Removes pipes in place of rules for a folder: git would wait for them. */
async function removePipesIn(folder: string): Promise<void> {
  for (const name of READ_FIRST) {
    const stats = statsAt(join(folder, name))
    if (stats && !stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink()) await rm(join(folder, name))
  }
}

/** Whether a path below `top`, a real path, is a folder, and no link stands in place of one above it. Each folder is looked at once. */
export function ownFolders(top: string): (folder: RepoPath) => boolean {
  const known = new Map<RepoPath, boolean>([['.', true]])
  const isOwn = (folder: RepoPath): boolean => {
    const own = known.get(folder) ?? (isOwn(posix.dirname(folder)) && isFolderAt(join(top, folder)))
    known.set(folder, own)
    return own
  }
  return isOwn
}

function isFolderAt(path: string): boolean {
  try {
    return lstatSync(path).isDirectory()
  } catch (error) {
    if (/^(ENOENT|ENOTDIR|ELOOP)$/.test((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
