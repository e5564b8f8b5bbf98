import type { RepoPath } from '../types.ts'
import { git } from './git.ts'
import { logRenames } from './log-renames.ts'

export interface PastCommit {
  readonly hash: string
  readonly isMerge: boolean
  /** Author time, seconds since 1970. */
  readonly time: number
  readonly subject: string
  /** At most 2,000 characters. */
  readonly body: string
  readonly changes: readonly PastChange[]
}

export interface PastChange {
  /** After the commit; of a deleted file, before it. */
  readonly path: RepoPath
  /** What the commit renamed to it; null: nothing. */
  readonly was: RepoPath | null
}

const BODY_LENGTH = 2000
const FORMAT = '%x01%H%x00%P%x00%at%x00%s%x00%b%x00'

/** Ids of the newest `limit` commits that `head` can see, newest first. */
export async function reachableCommits(root: string, head: string, limit: number): Promise<string[]> {
  return (await git(root, ['rev-list', `--max-count=${limit}`, head])).split('\n').filter(Boolean)
}

/**
 * What the given commits say and which files they changed, merges against their first parent: `-m --first-parent`, since git before
 * 2.31 knows no `--diff-merges`. About 5 to 20 commits a millisecond, more where little was renamed.
 */
export async function readCommits(root: string, hashes: readonly string[]): Promise<PastCommit[]> {
  if (hashes.length === 0) return []
  const output = await logRenames(
    root,
    ['--stdin', '--no-walk=unsorted', '-m', '--first-parent', '--name-status', `--format=${FORMAT}`],
    {
      input: `${hashes.join('\n')}\n`,
    },
  )
  return output.split('\x01').slice(1).map(parseRecord)
}

function parseRecord(record: string): PastCommit {
  const [hash, parents, time, subject, body, ...fields] = record.split('\0')
  return {
    hash: hash!,
    isMerge: parents!.includes(' '),
    time: Number(time),
    subject: subject!,
    body: body!.trim().slice(0, BODY_LENGTH),
    changes: changesOf(fields.filter((field) => field.trim() !== '')),
  }
}

/** fields: 'M', its path; 'R087', the path before, the path after. */
function changesOf(fields: readonly string[]): PastChange[] {
  const changes: PastChange[] = []
  for (let at = 0; at + 1 < fields.length; ) {
    const isRename = fields[at++]!.trim().startsWith('R')
    const was = isRename ? fields[at++]! : null
    changes.push({ path: fields[at++]!, was })
  }
  return changes
}
