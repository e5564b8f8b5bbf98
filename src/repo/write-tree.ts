import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { copyFile, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeReachable, removeTree } from '../files/remove-tree.ts'
import { statsAt } from '../files/stats-at.ts'
import type { RepoPath } from '../types.ts'
import { GitError, GitLate, type git, splitNul } from './git.ts'
import { NOT_UTF8 } from './list-files.ts'
import { ownFolders, removeEndless, removePlanted } from './remove-planted.ts'

export interface TreeSource {
  /** Absolute path of the index to compare with. It is copied, never written. */
  readonly index: string
  /** One of our own folders, for the copy. */
  readonly scratch: string
  /** The tree that the index holds, if it is known. */
  readonly tree?: string | undefined
  /** Untracked files to leave out. */
  readonly isLeftOut?: (path: RepoPath) => boolean
}

/**
 * Content of a working tree at one time. index: absolute path of our own index that holds it, with the stat data of the files. takenAt:
 * milliseconds since 1970.
 */
export interface Snapshot {
  readonly takenAt: number
  readonly tree: string
  readonly index: string
}

/**
 * Writes the content of the working tree `root` (tracked files as they are now, untracked files that are not ignored) as git objects.
 * Returns the tree and the copy of the index. Changes no index, ref or file.
 *
 * Submodules stay as in the index; a nested repository that is no submodule is left out. Throws GitError, for example when a file cannot be
 * read. Reads only files whose stat data differ from the index.
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

  // Deleted paths come first: git refuses a path below a folder that has become a symbolic link.
  const update = async (options: readonly string[], paths: readonly RepoPath[]) => {
    if (paths.length === 0) return
    const input = `${paths.join('\0')}\0`
    await run(root, [...aside, 'update-index', ...options, '-z', '--stdin'], { env, input })
  }
  await update(['--force-remove'], gone)
  await update(['--add', '--remove', '--replace'], present)
  const isSame = gone.length === 0 && present.length === 0
  const tree = (isSame && source.tree) || (await run(root, [...aside, 'write-tree'], { env })).trim()
  return { tree, index: env.GIT_INDEX_FILE, takenAt: Date.now() }
}

/**
 * Restores the files of the working tree `root` to a snapshot: changed files are rewritten, new ones deleted. `kept` (repository paths),
 * the working tree's own index and, unless `ignoredToo`, ignored files stay unchanged.
 *
 * A check may have left folders that may not be entered, or that are too deep for git, or what git waits for or reads without end. They are
 * opened or removed, and the restore is retried.
 */
export async function restoreFiles(
  root: string,
  snapshot: Snapshot,
  kept: readonly RepoPath[],
  run: typeof git,
  ignoredToo = false,
): Promise<void> {
  const clean = `-ffdq${ignoredToo ? 'x' : ''}` // forced twice: also deletes nested repositories
  try {
    await putBack(root, snapshot, kept, run, clean, PIPE_MS)
  } catch (error) {
    const isLate = error instanceof GitLate
    if (!isLate && !(error instanceof GitError) && (error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    await makeReachable(root)
    if (isLate) await removeEndless(root)
    await putBack(root, snapshot, kept, run, clean)
  }
}

const PIPE_MS = 60_000 // putting back a large tree takes seconds
const MOST_MEMORY = 2_000_000_000 // bytes

async function putBack(
  root: string,
  { index, takenAt }: Snapshot,
  kept: readonly RepoPath[],
  run: typeof git,
  clean: string,
  timeoutMs?: number,
): Promise<void> {
  const limits = timeoutMs === undefined ? {} : { timeoutMs, mostMemory: MOST_MEMORY }
  const options = { env: { GIT_INDEX_FILE: index }, ...limits }
  const paths = splitNul(await run(root, ['ls-files', '-z'], options))
  const isOwnFolder = ownFolders(realpathSync(root))
  await removePlanted(root, paths, isOwnFolder)
  await removeTouched(root, paths, takenAt - CLOCK_MS, isOwnFolder)
  const differ = ['diff-files', '--name-only', '--no-renames', '--ignore-submodules=all', '-z']
  const changed = await run(root, differ, options)
  const which = changed.includes(NOT_UTF8) ? ['--all'] : ['-z', '--stdin'] // git takes its own bytes, which we do not have
  if (changed !== '') await run(root, ['checkout-index', '--force', ...which], { ...options, input: changed })
  // After the changed files: one of them may be a .gitignore.
  const patterns = kept.map((path) => `--exclude=/${path.replace(/[\\*?[ ]/g, '\\$&')}`)
  await run(root, ['clean', clean, ...patterns], options)
}

const CLOCK_MS = 50 // the timestamp of a file system may lag by this much

/**
 * Removes files that changed since. git would treat a file as unchanged if its size and modification time were reset within the same
 * second; the change time (ctime) cannot be reset. Also removes repositories that a check left in folders of submodules, which are empty in an
 * agent's worktree: git would read them, or wait for their pipes.
 */
async function removeTouched(
  root: string,
  paths: readonly RepoPath[],
  since: number,
  isOwnFolder: (folder: RepoPath) => boolean,
): Promise<void> {
  for (const path of paths) {
    if (!isOwnFolder(dirname(path))) continue
    const stats = statsAt(join(root, path))
    if (stats?.isDirectory()) await removeTree(join(root, path, '.git'))
    else if (stats && stats.ctimeMs >= since) await rm(join(root, path), { force: true })
  }
}

/**
 * Copies an index with a modification time just before the original's. With a later time, git would trust the stat data of a file that
 * changed in the same tick in which the index was written (git's Documentation/technical/racy-git). Without an index, nothing is copied.
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
