import { GitError, type GitOptions, streamGit } from './git.ts'
import { LogReader } from './log-reader.ts'
import type { LoggedCommit } from './logged-commit.ts'
import { missingContents } from './missing-contents.ts'

/** Files that one commit may have renamed: of more, only those of the same name or content are compared. */
export const RENAMES = 40

// The user's log.* settings must not change what commits are said to have changed.
const PLAIN = ['-c', 'log.diffMerges=separate', '-c', 'log.showRoot=true', '-c', 'diff.orderFile=/dev/null']
const LOG = [...PLAIN, 'log', '-z', '--no-show-signature', '--encoding=UTF-8', '--first-parent', '-m']

/**
 * What `git log` says of commits, merges against their first parent, renamed files told as such. Texts come as UTF-8, whatever encoding their authors used.
 *
 * args: which commits; input: revisions, a line each. fields: placeholders of git, such as '%s'. Reads trees, and blobs for renames only; nothing is fetched.
 * renames: how many of a commit are looked for. `-m --first-parent`, since git before 2.31 knows no `--diff-merges`. Throws GitError.
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
      env: { GIT_NO_LAZY_FETCH: '1' },
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
  // a partial clone lacks old contents (git 2.44 on fetches none here): renames are then told by equal ids alone, but for commits whose contents are here
  const commits = await log('-M100%', args)
  const wanted = new Map(commits.map((commit) => [commit.hash, neededForRenames(commit)]))
  const missing = await missingContents(root, [...wanted.values()].flat(), options)
  const whole = [...wanted].filter(([, blobs]) => blobs.length > 0 && !blobs.some((blob) => missing.has(blob)))
  const hashes = whole.map(([hash]) => `${hash}\n`).join('')
  const read = whole.length === 0 ? [] : await log('-M', [...args, '--no-walk=unsorted'], hashes) // last: --max-count lets git walk
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

/** Contents of files that came and of those that went, where both did: one may be the other. */
function neededForRenames({ changes }: LoggedCommit): string[] {
  const blobsOf = (one: string, side: 0 | 1) =>
    changes.filter(({ letter, modes }) => letter === one && modes[side] !== SUBMODULE).map(({ blobs }) => blobs[side])
  const [gone, come] = [blobsOf('D', 0), blobsOf('A', 1)]
  return gone.length > 0 && come.length > 0 ? [...gone, ...come] : []
}
