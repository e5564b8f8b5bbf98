import { breather } from '../processes/breathe.ts'
import { commitTime } from '../repo/commit-time.ts'
import { git } from '../repo/git.ts'
import { logRenames } from '../repo/log-renames.ts'
import type { LoggedChange, LoggedCommit } from '../repo/logged-commit.ts'
import { readsLike } from '../request/reads-like.ts'
import { shorten } from '../text/shorten.ts'
import type { RepoPath } from '../types.ts'

export interface MainlineCommit {
  readonly hash: string
  readonly parents: readonly string[]
  /** Commit time, seconds since 1970: when it reached the mainline. */
  readonly time: number
  readonly author: string
  readonly subject: string
  readonly body: string
  /** Its parent is not in this clone, so its changes are unknown. */
  readonly isCutOff: boolean
  readonly changes: readonly Change[]
  /** A content that is not in this clone and is needed to find its renames; null: they are known. */
  readonly missing: string | null
}

export interface Change {
  readonly kind: 'created' | 'modified' | 'deleted' | 'renamed'
  /** Path before the commit; of a created file, after it. */
  readonly path: RepoPath
  /** Path of a renamed file after the commit; null for other files. */
  readonly renamedTo: RepoPath | null
  /** Percentage of a renamed file's content that stayed; 100 for other files. */
  readonly similarity: number
}

const SUBJECT_LENGTH = 1000
const FIELDS = ['%P', '%ct', '%an', '%D', '%s', '%b']

interface MainlineOptions {
  /** Commits that this revision can see are left out. */
  readonly since?: string
  readonly maxCommits: number
  readonly signal?: AbortSignal
}

const MOST_ROUNDS = 3 // a merged branch may have merged another

/**
 * The newest commits of the mainline: `head`, its first parent, that one's first parent ..., newest first, each with
 * its changes against the first parent. A pull request is one commit here, whether it was merged, squashed or
 * octopus-merged. If a long-lived branch was merged ('develop', or the 'main' of another repository), its own mainline
 * is included: the work was done there.
 *
 * Two git processes, and two or four more if there are such branches: about 10,000 commits a second each. Throws GitError.
 */
export async function readMainline(root: string, head: string, options: MainlineOptions): Promise<MainlineCommit[]> {
  const tips = new Set([head])
  for (let round = 1; ; round++) {
    const commits = await readFrom(root, [...tips], options)
    const known = tips.size
    for (const tip of commits.flatMap(mergedBranch)) tips.add(tip)
    if (tips.size === known || round === MOST_ROUNDS) return commits
  }
}

/** Commits on the first-parent line of any of these, newest first. */
async function readFrom(root: string, tips: readonly string[], options: MainlineOptions): Promise<MainlineCommit[]> {
  const { since, maxCommits, signal } = options
  const limits = signal ? { signal } : {}
  const input = [...tips, ...(since ? [`^${since}`] : [])].map((revision) => `${revision}\n`).join('')
  const list = await git(root, ['rev-list', '--first-parent', `--max-count=${maxCommits}`, '--stdin'], {
    ...limits,
    input,
  })
  const hashes = list.split('\n').filter(Boolean)
  const commits = await logRenames(root, hashes, FIELDS, limits)
  const breathe = breather(signal)
  const read: MainlineCommit[] = []
  for (const commit of commits) {
    await breathe()
    read.push(toCommit(commit))
  }
  return read
}

const LONG_LIVED = 'dev|develop|development|next|staging|integration|unstable|beta|canary'
const RELEASE = String.raw`releases?/v?\d[\w.-]*` // 'release/4.0.x', where the work of a version is done
const OF_BRANCH = new RegExp(
  `^Merge (?:remote-tracking )?branch '(?:[\\w.-]+/)?(?:main|master|trunk|${LONG_LIVED}|${RELEASE})'`,
)
const OF_REQUEST = new RegExp(`^Merge pull request #\\d+ from [^/\\s]+/(?:${LONG_LIVED})$`)

/**
 * The tip of a long-lived branch that the commit merged; [] for others. A pull request from a contributor's 'main' is
 * one piece of work.
 */
function mergedBranch({ subject, body, parents }: MainlineCommit): readonly string[] {
  const isMerged =
    OF_BRANCH.test(subject) || (OF_REQUEST.test(subject) && readsLike(body.split('\n', 1)[0]!) !== 'feature')
  return isMerged && parents.length === 2 ? [parents[1]!] : []
}

function toCommit({ hash, fields, changes, missing }: LoggedCommit): MainlineCommit {
  const [parents, time, author, decoration, subject, body] = fields
  return {
    hash,
    parents: parents!.split(' ').filter(Boolean),
    time: commitTime(time!),
    author: author!,
    subject: shorten(subject!.trim(), SUBJECT_LENGTH),
    body: body!.trim(),
    // git log decorates commits with 'grafted' where a shallow clone ends, and where .git/info/grafts gives other parents.
    isCutOff: parents === '' && decoration!.split(', ').includes('grafted'),
    changes: changes.flatMap((change) => toChange(change) ?? []),
    missing,
  }
}

/** null: the change is not to a file's content. */
function toChange({ letter, path, was, similarity, modes, blobs }: LoggedChange): Change | null {
  const isFile = modes.some((mode) => mode.startsWith('100')) // not a link or a submodule
  const isSame = letter === 'M' && blobs[0] === blobs[1] // only the mode differs
  return isFile && !isSame
    ? { kind: kindOf(letter), path: was ?? path, renamedTo: was === null ? null : path, similarity }
    : null
}

function kindOf(letter: string): Change['kind'] {
  if (letter === 'A') return 'created'
  if (letter === 'D') return 'deleted'
  return letter === 'R' ? 'renamed' : 'modified'
}
