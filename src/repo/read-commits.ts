import { shorten } from '../text/shorten.ts'
import type { RepoPath } from '../types.ts'
import { commitTime } from './commit-time.ts'
import { type GitOptions, git } from './git.ts'
import { logRenames, RENAMES } from './log-renames.ts'
import type { LoggedCommit } from './logged-commit.ts'

export interface PastCommit {
  readonly hash: string
  readonly isMerge: boolean
  /** Author time, seconds since 1970. */
  readonly time: number
  /** At most 1,000 characters. */
  readonly subject: string
  /** At most 2,000 characters. */
  readonly body: string
  /** At most 2,000. */
  readonly changes: readonly PastChange[]
  /** A content that is needed to detect renames and that this clone lacks; null: renames are known. */
  readonly missing: string | null
}

export interface PastChange {
  /** After the commit; for a deleted file, before it. */
  readonly path: RepoPath
  /** The path before the rename; null: not renamed. */
  readonly was: RepoPath | null
}

const SUBJECT_LENGTH = 1000
const BODY_LENGTH = 2000
const MOST_RENAMES = 400 // for a commit that moved a tree: comparing more files takes seconds
/** pairs: number of deleted and created files that might be one rename. */
type ReadCommit = PastCommit & { readonly pairs: number }

const FIELDS = ['%P', '%at', '%s', '%b']

/**
 * Ids of the newest `limit` commits reachable from `head`, newest first, without root commits. The first commit adds everything, and the
 * changes at the end of a shallow clone are unknown, so neither shows which files change together.
 */
export async function reachableCommits(root: string, head: string, limit: number): Promise<string[]> {
  return (await git(root, ['rev-list', '--min-parents=1', `--max-count=${limit}`, head])).split('\n').filter(Boolean)
}

/**
 * Messages and changed files of the given commits; merges are compared with their first parent. About 5 to 20 commits per millisecond, more
 * if there are few renames. The few commits that moved a tree are read twice: comparing all files of every commit would make a cold index
 * 10 % slower. A commit of so many paths that git takes too much memory or time has no changes (logRenames).
 */
export async function readCommits(
  root: string,
  hashes: readonly string[],
  options: Pick<GitOptions, 'signal' | 'mostMemory' | 'timeoutMs'> = {},
): Promise<PastCommit[]> {
  const commits = await read(root, hashes, RENAMES, options)
  const moved = commits
    .filter(({ pairs }) => pairs > RENAMES ** 2 && pairs <= MOST_RENAMES ** 2)
    .map(({ hash }) => hash)
  const again = new Map((await read(root, moved, MOST_RENAMES, options)).map((commit) => [commit.hash, commit]))
  return commits.map((commit) => {
    const { pairs: _, ...rest } = again.get(commit.hash) ?? commit
    return rest
  })
}

async function read(
  root: string,
  hashes: readonly string[],
  renames: number,
  options: Pick<GitOptions, 'signal' | 'mostMemory' | 'timeoutMs'>,
): Promise<ReadCommit[]> {
  return (await logRenames(root, hashes, FIELDS, { ...options, renames })).map(toCommit)
}

function toCommit({ hash, fields, changes, missing }: LoggedCommit): ReadCommit {
  const [parents, time, subject, body] = fields
  const count = (one: string) => changes.filter(({ letter }) => letter === one).length
  return {
    hash,
    isMerge: parents!.includes(' '),
    time: commitTime(time!),
    subject: shorten(subject!.trim(), SUBJECT_LENGTH),
    body: body!.trim().slice(0, BODY_LENGTH),
    changes: changes.map(({ path, was }) => ({ path, was })),
    missing,
    pairs: count('A') * count('D'),
  }
}
