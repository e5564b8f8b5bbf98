import type { RepoPath } from '../types.ts'
import { git } from './git.ts'
import { logRenames } from './log-renames.ts'
import { plainText } from './plain-text.ts'

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
  return parseLog(output)
}

const FIELDS = 5

/** Fields are counted, not searched for: a message may hold anything but NUL, what begins a commit too. */
function parseLog(output: string): PastCommit[] {
  const tokens = output.split('\0')
  const commits: PastCommit[] = []
  let at = 0
  while (at < tokens.length && tokens[at]!.startsWith('\x01')) {
    const [hash, parents, time, subject, body] = tokens.slice(at, at + FIELDS)
    at += FIELDS
    const changes: PastChange[] = []
    // 'M', its path; 'R087', the path before, the path after; an empty one between the message and these
    while (at + 1 < tokens.length && !tokens[at]!.startsWith('\x01')) {
      const letter = tokens[at++]!.trim()[0]
      if (letter === undefined) continue
      const was = letter === 'R' ? tokens[at++]! : null
      changes.push({ path: tokens[at++]!, was })
    }
    commits.push({
      hash: hash!.slice(1),
      isMerge: parents!.includes(' '),
      time: Number(time),
      subject: plainText(subject!).trim(),
      body: plainText(body!).trim().slice(0, BODY_LENGTH),
      changes,
    })
  }
  return commits
}
