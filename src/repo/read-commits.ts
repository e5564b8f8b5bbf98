import type { RepoPath } from '../types.ts'
import { git } from './git.ts'

export interface PastCommit {
  readonly hash: string
  /** Author time, seconds since 1970. */
  readonly time: number
  readonly subject: string
  /** At most 2,000 characters. */
  readonly body: string
  readonly paths: readonly RepoPath[]
}

const BODY_LENGTH = 2000
const FORMAT = '%x01%H%x00%at%x00%s%x00%b%x00'

/** Ids of the newest `limit` commits that `head` can see, newest first, without merges (their changes are in the commits merged). */
export async function reachableCommits(root: string, head: string, limit: number): Promise<string[]> {
  return (await git(root, ['rev-list', '--no-merges', `--max-count=${limit}`, head])).split('\n').filter(Boolean)
}

/** What the given commits say and which paths they changed; renames count as one path gone and one come. About 25 commits a millisecond. */
export async function readCommits(root: string, hashes: readonly string[]): Promise<PastCommit[]> {
  if (hashes.length === 0) return []
  const output = await git(
    root,
    ['log', '--stdin', '--no-walk=unsorted', '--no-renames', '--name-only', '-z', `--format=${FORMAT}`],
    {
      input: `${hashes.join('\n')}\n`,
    },
  )
  return output.split('\x01').slice(1).map(parseRecord)
}

function parseRecord(record: string): PastCommit {
  const [hash, time, subject, body, ...paths] = record.split('\0')
  return {
    hash: hash!,
    time: Number(time),
    subject: subject!,
    body: body!.trim().slice(0, BODY_LENGTH),
    paths: paths.map((path) => path.replace(/^\n+/, '')).filter(Boolean),
  }
}
