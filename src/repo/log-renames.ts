import { GitError, type GitOptions, streamGit } from './git.ts'
import { LogReader } from './log-reader.ts'
import type { LoggedCommit } from './logged-commit.ts'
import { missingContents } from './missing-contents.ts'

/** Candidate files for renames in one commit; if there are more, only files with the same name or content are compared. */
export const RENAMES = 40

// The user's log.* settings must not change which changes are listed.
const PLAIN = ['-c', 'log.diffMerges=separate', '-c', 'log.showRoot=true', '-c', 'diff.orderFile=/dev/null']
const LOG = [...PLAIN, 'log', '-z', '--no-mailmap', '--encoding=UTF-8', '--first-parent', '-m']

/**
 * Output of `git log` for commits with renames detected; merges are compared with their first parent. Texts are in UTF-8, whatever the
 * author's encoding.
 *
 * args: which commits; input: revisions, one per line. fields: git placeholders such as '%s'. renames: limit per commit. Reads trees, and
 * blobs only for renames; fetches nothing. Uses `-m --first-parent`, since git before 2.31 has no `--diff-merges`. Throws GitError.
 */
export async function logRenames(
  root: string,
  args: readonly string[],
  fields: readonly string[],
  { renames = RENAMES, ...options }: Omit<GitOptions, 'env'> & { readonly renames?: number } = {},
): Promise<readonly LoggedCommit[]> {
  const log = async (how: string, which: readonly string[], input = options.input) => {
    const format = `--format=%x01%H%x00${fields.map((field) => `${field}%x00`).join('')}`
    const reader = new LogReader(fields.length)
    await streamGit(root, [...LOG, how, `-l${renames}`, '--raw', '--no-abbrev', format, '--stdin', ...which], {
      ...options,
      input,
      onOutput(chunk) {
        reader.add(chunk)
        return true
      },
    })
    return reader.close()
  }
  try {
    return await log('-M', args)
  } catch (error) {
    if (!isLacking(error)) throw error
  }
  // A partial clone lacks old contents, and git from 2.44 fetches none here. Renames are then detected only by equal ids, except in commits
  // whose contents are here.
  const commits = await log('-M100%', args)
  const wanted = new Map(commits.map((commit) => [commit.hash, neededForRenames(commit)]))
  const missing = await missingContents(root, [...wanted.values()].flat(), options)
  const whole = [...wanted].filter(([, blobs]) => blobs.length > 0 && !blobs.some((blob) => missing.has(blob)))
  const hashes = whole.map(([hash]) => `${hash}\n`).join('')
  const read = whole.length === 0 ? [] : await log('-M', [...args, '--no-walk=unsorted'], hashes) // last: --max-count makes git walk
  const again = new Map(read.map((commit) => [commit.hash, commit]))
  return commits.map(
    (commit) =>
      again.get(commit.hash) ?? {
        ...commit,
        missing: wanted.get(commit.hash)!.find((blob) => missing.has(blob)) ?? null,
      },
  )
}

function isLacking(error: unknown): boolean {
  return error instanceof GitError && /could not fetch|unable to read/.test(error.stderr)
}

const SUBMODULE = '160000'

/** Contents of created and deleted files in a commit that has both: such a pair may be a rename. */
function neededForRenames({ changes }: LoggedCommit): string[] {
  const blobsOf = (one: string, side: 0 | 1) =>
    changes.filter(({ letter, modes }) => letter === one && modes[side] !== SUBMODULE).map(({ blobs }) => blobs[side])
  const [gone, come] = [blobsOf('D', 0), blobsOf('A', 1)]
  return gone.length > 0 && come.length > 0 ? [...gone, ...come] : []
}
