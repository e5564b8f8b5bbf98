import type { RepoPath } from '../types.ts'
import { commitTime } from './commit-time.ts'
import { git } from './git.ts'
import { logRenames, RENAMES } from './log-renames.ts'
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
const MOST_RENAMES = 400 // of a commit that moved a tree: of more, comparing takes seconds
/** pairs: a deleted and a created file each, of which one may be the other. */
type ReadCommit = PastCommit & { readonly pairs: number }

const FORMAT = '%x01%H%x00%P%x00%at%x00%s%x00%b%x00'

/** Ids of the newest `limit` commits that `head` can see, newest first. */
export async function reachableCommits(root: string, head: string, limit: number): Promise<string[]> {
  return (await git(root, ['rev-list', `--max-count=${limit}`, head])).split('\n').filter(Boolean)
}

/**
 * What the given commits say and which files they changed, merges against their first parent: `-m --first-parent`, since git before
 * 2.31 knows no `--diff-merges`. About 5 to 20 commits a millisecond, more where little was renamed. The few that moved a tree are read twice:
 * to compare all files of every commit takes a cold index a tenth longer.
 */
export async function readCommits(root: string, hashes: readonly string[]): Promise<PastCommit[]> {
  const commits = await read(root, hashes, RENAMES)
  const moved = commits
    .filter(({ pairs }) => pairs > RENAMES ** 2 && pairs <= MOST_RENAMES ** 2)
    .map(({ hash }) => hash)
  const again = new Map((await read(root, moved, MOST_RENAMES)).map((commit) => [commit.hash, commit]))
  return commits.map((commit) => {
    const { pairs: _, ...told } = again.get(commit.hash) ?? commit
    return told
  })
}

async function read(root: string, hashes: readonly string[], renames: number): Promise<ReadCommit[]> {
  if (hashes.length === 0) return []
  const output = await logRenames(
    root,
    ['--stdin', '--no-walk=unsorted', '-m', '--first-parent', '--name-status', `--format=${FORMAT}`],
    { input: `${hashes.join('\n')}\n`, renames },
  )
  return parseLog(output)
}

const FIELDS = 5

/** Fields are counted, not searched for: a message may hold anything but NUL, what begins a commit too. */
function parseLog(output: string): ReadCommit[] {
  const tokens = output.split('\0')
  const commits: ReadCommit[] = []
  let at = 0
  while (at < tokens.length && tokens[at]!.startsWith('\x01')) {
    const [hash, parents, time, subject, body] = tokens.slice(at, at + FIELDS)
    at += FIELDS
    const changes: PastChange[] = []
    const counts = { A: 0, D: 0 }
    // 'M', its path; 'R087', the path before, the path after; an empty one between the message and these
    while (at + 1 < tokens.length && !tokens[at]!.startsWith('\x01')) {
      const letter = tokens[at++]!.trim()[0]
      if (letter === undefined) continue
      if (letter === 'A' || letter === 'D') counts[letter]++
      const was = letter === 'R' ? tokens[at++]! : null
      changes.push({ path: tokens[at++]!, was })
    }
    commits.push({
      hash: hash!.slice(1),
      isMerge: parents!.includes(' '),
      time: commitTime(time!),
      subject: plainText(subject!).trim(),
      body: plainText(body!).trim().slice(0, BODY_LENGTH),
      changes,
      pairs: counts.A * counts.D,
    })
  }
  return commits
}
