import { randomUUID } from 'node:crypto'
import { lstatSync, realpathSync } from 'node:fs'
import { copyFile, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeReachable } from '../files/remove-tree.ts'
import type { RepoPath } from '../types.ts'
import { GitError, type git, splitNul } from './git.ts'

export interface TreeSource {
  /** Absolute path of the index to compare with. It is copied, never written. */
  readonly index: string
  /** Folder of our own for the copy. */
  readonly scratch: string
  /** Untracked files that must not get in. */
  readonly isLeftOut?: (path: RepoPath) => boolean
}

/**
 * What stood in a working tree at one time. index: absolute path of an index of ours that holds it, with the stat data of the files. takenAt:
 * milliseconds since 1970.
 */
export interface Snapshot {
  readonly takenAt: number
  readonly tree: string
  readonly index: string
}

/**
 * Writes what stands in the working tree `root` (tracked files as they are now, untracked files that are not ignored)
 * as git objects, and returns the tree with the copy of the index. Neither an index, nor a ref, nor a file is touched.
 *
 * Submodules stay as the index has them; a repository inside the working tree that is no submodule is left out.
 * Throws GitError, for example when a file cannot be read. Reads only files whose stat data differ from the index.
 */
export async function writeTree(root: string, source: TreeSource, run: typeof git): Promise<Snapshot> {
  const env = { GIT_INDEX_FILE: join(source.scratch, `index-${randomUUID()}`) }
  const aside = ['-c', 'core.splitIndex=false', '-c', 'core.safecrlf=false']
  await copyIndex(source.index, env.GIT_INDEX_FILE)

  const changed = splitNul(
    await run(root, ['diff-files', '--name-status', '--no-renames', '--ignore-submodules=all', '-z'], { env }),
  )
  const untracked = splitNul(await run(root, ['ls-files', '--others', '--exclude-standard', '-z'], { env }))
  const gone: RepoPath[] = []
  const present = untracked.filter((path) => !path.endsWith('/') && !source.isLeftOut?.(path))
  for (let at = 0; at < changed.length; at += 2) (changed[at] === 'D' ? gone : present).push(changed[at + 1]!)

  // Those gone come first: git refuses a path behind a folder that has become a symbolic link.
  const update = async (options: readonly string[], paths: readonly RepoPath[]) => {
    if (paths.length === 0) return
    await run(root, [...aside, 'update-index', ...options, '-z', '--stdin'], { env, input: `${paths.join('\0')}\0` })
  }
  await update(['--force-remove'], gone)
  await update(['--add', '--remove', '--replace'], present)
  const tree = (await run(root, [...aside, 'write-tree'], { env })).trim()
  return { tree, index: env.GIT_INDEX_FILE, takenAt: Date.now() }
}

/**
 * Puts the files of the working tree `root` back to what a snapshot of it holds: those that differ are written again, new
 * ones are deleted. What git ignores and `kept` (repository paths) stay as they are, and so does the working tree's own index.
 *
 * A check may have left folders that may not be entered, or are too deep for git: they are opened, or removed, and it is tried again.
 */
export async function restoreFiles(
  root: string,
  snapshot: Snapshot,
  kept: readonly RepoPath[],
  run: typeof git,
): Promise<void> {
  try {
    await putBack(root, snapshot, kept, run)
  } catch (error) {
    if (!(error instanceof GitError) && (error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    await makeReachable(root)
    await putBack(root, snapshot, kept, run)
  }
}

async function putBack(
  root: string,
  { index, takenAt }: Snapshot,
  kept: readonly RepoPath[],
  run: typeof git,
): Promise<void> {
  const env = { GIT_INDEX_FILE: index }
  await removeTouched(root, splitNul(await run(root, ['ls-files', '-z'], { env })), takenAt - CLOCK_MS)
  const changed = await run(root, ['diff-files', '--name-only', '--no-renames', '--ignore-submodules=all', '-z'], {
    env,
  })
  if (changed !== '') await run(root, ['checkout-index', '--force', '-z', '--stdin'], { env, input: changed })
  // After the changed ones: one of them may be a .gitignore.
  const patterns = kept.map((path) => `--exclude=/${path.replace(/[\\*?[ ]/g, '\\$&')}`)
  await run(root, ['clean', '-ffdq', ...patterns], { env }) // twice forced: repositories inside go too
}

const CLOCK_MS = 50 // the time that a file system notes may be that much old

/**
 * Removes files that were touched since. git would take one for unchanged that was given the size and the time that it had, within the
 * second; the time at which the file system noted that cannot be given.
 */
async function removeTouched(root: string, paths: readonly RepoPath[], since: number): Promise<void> {
  const top = realpathSync(root)
  const known = new Map<string, boolean>()
  /** A link in the place of a folder leads to files of others. */
  const isOwnFolder = (folder: string) => {
    const own = known.get(folder) ?? isFolderAt(join(top, folder))
    known.set(folder, own)
    return own
  }
  for (const path of paths) {
    if (!isOwnFolder(dirname(path))) continue
    const stats = lstatSync(join(top, path), { throwIfNoEntry: false })
    if (stats && stats.ctimeMs >= since && !stats.isDirectory()) await rm(join(top, path), { force: true })
  }
}

function isFolderAt(path: string): boolean {
  try {
    return realpathSync(path) === path && lstatSync(path).isDirectory()
  } catch (error) {
    if (/^(ENOENT|ENOTDIR|ELOOP)$/.test((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

/**
 * Copies an index with a time of change just before its own. A younger copy would make git trust the stat data of a file
 * that was changed in the same tick as the index was written (git's Documentation/technical/racy-git). No index: no copy.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const stats = await stat(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!stats) return
  await copyFile(from, to)
  const before = (Math.floor(stats.mtimeMs) - 1) / 1000
  await utimes(to, before, before)
}
