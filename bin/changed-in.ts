import { realpathSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { UserError } from '../src/errors.ts'
import { statsAt } from '../src/files/stats-at.ts'
import { shownPath } from '../src/paths.ts'
import type { ChangedFile } from '../src/repo/changed-files.ts'
import type { Repo } from '../src/repo/open-repo.ts'
import type { RepoPath } from '../src/types.ts'
import type { Values } from './command.ts'

/** The change that `repose check` examines, by its options. */
export interface MeantChange {
  readonly compared: 'staged' | 'working tree' | 'base' | 'files'
  /** The commit that the working tree is compared with; null: the index or nothing is. */
  readonly against: string | null
  readonly changes: readonly ChangedFile[]
  readonly tracked: ReadonlySet<RepoPath>
  readonly unstaged: ReadonlySet<RepoPath>
  /** Commits of the change itself. */
  readonly own: readonly string[]
  /** The change is the result of a merge that is not committed yet. */
  readonly isMerge: boolean
}

/** Throws UserError if options exclude each other, or name something that does not exist. */
export async function changedIn(repo: Repo, { staged, base, files }: Values): Promise<MeantChange> {
  if ([staged, base, files].filter((one) => one !== undefined).length > 1)
    throw new UserError('--staged, --base and --files exclude each other', 'give one of them, or none')
  const git = await import('../src/repo/changed-files.ts')
  const none = { against: null, unstaged: new Set<RepoPath>(), own: [], isMerge: false }
  const tracked = git.trackedFiles(repo)
  tracked.catch(() => {}) // awaited below, after what may throw first
  if (files !== undefined) {
    const known = await tracked
    return { ...none, compared: 'files', tracked: known, changes: namedFiles(repo, files as readonly string[], known) }
  }
  if (typeof base === 'string') {
    const { baseOf } = await import('../src/repo/base-of.ts')
    const { commit, own } = await baseOf(repo, base)
    return {
      ...none,
      compared: 'base',
      against: commit,
      tracked: await tracked,
      changes: await git.filesChangedSince(repo, commit),
      own,
    }
  }
  const [inIndex, unstaged, isMerge] = await Promise.all([
    git.stagedFiles(repo),
    git.unstagedFiles(repo),
    git.isMerging(repo),
  ])
  if (staged || inIndex.length > 0)
    return { compared: 'staged', against: null, tracked: await tracked, changes: inIndex, unstaged, own: [], isMerge }
  const changes = await git.filesChangedSince(repo, 'HEAD')
  return { ...none, compared: 'working tree', against: 'HEAD', tracked: await tracked, changes, isMerge }
}

function namedFiles({ root }: Repo, files: readonly string[], tracked: ReadonlySet<RepoPath>): ChangedFile[] {
  const here = realpathSync('.')
  return files.map((file) => {
    const path = relative(root, resolve(here, file)).replaceAll('\\', '/')
    if (path === '' || path.startsWith('../'))
      throw new UserError(`${shownPath(file)} is not a file of ${root}`, 'name files of the repository')
    const isKnown = tracked.has(path)
    const exists = isFile(resolve(here, file))
    if (!isKnown && !exists)
      throw new UserError(
        `there is no file ${shownPath(file)}, and git does not know one`,
        'name files by their paths from here',
      )
    return { kind: isKnown ? (exists ? 'modified' : 'deleted') : 'created', path, was: null }
  })
}

function isFile(path: string): boolean {
  return !(statsAt(path)?.isDirectory() ?? true)
}
