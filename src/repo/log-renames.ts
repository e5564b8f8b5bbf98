import { GitError, GitLarge, GitLate, type GitOptions, streamGit } from './git.ts'
import { LogReader } from './log-reader.ts'
import type { LoggedCommit } from './logged-commit.ts'
import { missingContents } from './missing-contents.ts'

/** Candidate files for renames in one commit; if there are more, only files with the same name or content are compared. */
export const RENAMES = 40

// The user's log.* settings must not change which changes are listed.
const PLAIN = ['-c', 'log.diffMerges=separate', '-c', 'log.showRoot=true', '-c', 'diff.orderFile=/dev/null']
const LOG = [...PLAIN, 'log', '-z', '--no-mailmap', '--encoding=UTF-8', '--first-parent']

interface LogOptions extends Pick<GitOptions, 'signal' | 'mostMemory' | 'timeoutMs'> {
  /** Limit per commit. */
  readonly renames?: number
}

const TIMEOUT_MS = 180_000 // git takes a second for a thousand commits, and about ten seconds for all of a large repository
const HALVING_MS = 60_000 // from the first part that took too much
const HALF_MS = 5000 // of each further part, once one took too long

/**
 * Output of `git log` for these commits, in this order, with renames detected; merges are compared with their first parent. Texts are in
 * UTF-8, whatever the author's encoding. A few trees can make a hundred million paths: a commit that takes git too much memory or time has no
 * changes. Such commits are found by halving the list, for a minute; after that, no commit of a part that takes too much has changes.
 *
 * fields: git placeholders such as '%s'. Reads trees, and blobs only for renames; fetches nothing. Uses `-m --first-parent`, since git before
 * 2.31 has no `--diff-merges`. Throws GitError.
 */
export async function logRenames(
  root: string,
  hashes: readonly string[],
  fields: readonly string[],
  options: LogOptions = {},
): Promise<readonly LoggedCommit[]> {
  const { timeoutMs = TIMEOUT_MS, ...rest } = options
  let latest = Infinity
  const part = async (some: readonly string[], limitMs: number): Promise<readonly LoggedCommit[]> => {
    if (some.length === 0) return []
    let halfMs = limitMs
    try {
      return await logAtOnce(root, some, fields, { ...rest, timeoutMs: limitMs })
    } catch (error) {
      if (!(error instanceof GitLate)) throw error
      if (!(error instanceof GitLarge)) halfMs = Math.min(limitMs, HALF_MS)
    }
    latest = Math.min(latest, performance.now() + HALVING_MS)
    if (some.length === 1 || performance.now() > latest) return log(root, ['--no-patch'], some, fields, rest) // without their trees
    const half = Math.ceil(some.length / 2)
    return [...(await part(some.slice(0, half), halfMs)), ...(await part(some.slice(half), halfMs))]
  }
  return part(hashes, timeoutMs)
}

async function log(
  root: string,
  how: readonly string[],
  hashes: readonly string[],
  fields: readonly string[],
  options: LogOptions,
): Promise<readonly LoggedCommit[]> {
  const format = `--format=%x01%H%x00${fields.map((field) => `${field}%x00`).join('')}`
  const reader = new LogReader(fields.length)
  await streamGit(root, [...LOG, ...how, format, '--decorate-refs-exclude=*', '--no-walk=unsorted', '--stdin'], {
    timeoutMs: TIMEOUT_MS,
    ...options,
    input: hashes.map((hash) => `${hash}\n`).join(''),
    onOutput(chunk) {
      reader.add(chunk)
      return true
    },
  })
  return reader.close()
}

async function logAtOnce(
  root: string,
  hashes: readonly string[],
  fields: readonly string[],
  { renames = RENAMES, ...options }: LogOptions,
): Promise<readonly LoggedCommit[]> {
  const read = (how: string, which = hashes) =>
    log(root, ['-m', how, `-l${renames}`, '--raw', '--no-abbrev'], which, fields, options)
  try {
    return await read('-M')
  } catch (error) {
    if (!isLacking(error)) throw error
  }
  // A partial clone lacks old contents, and git from 2.44 fetches none here. Renames are then detected only by equal ids, except in commits
  // whose contents are here.
  const commits = await read('-M100%')
  const wanted = new Map(commits.map((commit) => [commit.hash, neededForRenames(commit)]))
  const missing = await missingContents(root, [...wanted.values()].flat(), options)
  const whole = [...wanted].filter(([, blobs]) => blobs.length > 0 && !blobs.some((blob) => missing.has(blob)))
  const found =
    whole.length === 0
      ? []
      : await read(
          '-M',
          whole.map(([hash]) => hash),
        )
  const again = new Map(found.map((commit) => [commit.hash, commit]))
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
