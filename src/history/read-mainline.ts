import { breather } from '../processes/breathe.ts'
import { commitTime } from '../repo/commit-time.ts'
import { logRenames } from '../repo/log-renames.ts'
import type { LoggedChange, LoggedCommit } from '../repo/logged-commit.ts'
import { plainText } from '../repo/plain-text.ts'
import { readsLike } from '../request/reads-like.ts'
import { shorten } from '../text/shorten.ts'
import type { RepoPath } from '../types.ts'

export interface MainlineCommit {
  readonly hash: string
  readonly parents: readonly string[]
  /** Commit time, seconds since 1970: when it came to the mainline. */
  readonly time: number
  readonly author: string
  readonly subject: string
  readonly body: string
  /** Its parent is not in this clone: what it changed cannot be known. */
  readonly isCutOff: boolean
  readonly changes: readonly Change[]
  /** A content without which what it renamed is not known, and that is not in this clone; null: it is known. */
  readonly missing: string | null
}

export interface Change {
  readonly kind: 'created' | 'modified' | 'deleted' | 'renamed'
  /** In the state before the commit; of a created file, its path after it. */
  readonly path: RepoPath
  /** Of a renamed file, its path after the commit; null of others. */
  readonly renamedTo: RepoPath | null
  /** Of a renamed file: how much of its content stayed, in percent. 100 otherwise. */
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

const MOST_ROUNDS = 3 // a branch that was merged may have merged another

/**
 * The newest commits of the mainline: `head`, its first parent, that one's first parent ..., newest first, each with what it
 * changed against its first parent. A pull request is one commit here, whether it was merged, squashed or octopus-merged.
 * Where a long-lived branch was merged ('develop', or the 'main' of elsewhere), its own mainline belongs to it: the work was done there.
 *
 * One git process, and where there are such branches one or two more: about 10,000 commits a second each. Throws GitError.
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
  const args = ['--decorate-refs-exclude=*', `--max-count=${options.maxCommits}`]
  const commits = await logRenames(root, args, FIELDS, {
    input: [...tips, ...(options.since ? [`^${options.since}`] : [])].map((revision) => `${revision}\n`).join(''),
    signal: options.signal,
  })
  const breathe = breather(options.signal)
  const read: MainlineCommit[] = []
  for (const commit of commits) {
    await breathe()
    read.push(toCommit(commit))
  }
  return read
}

const LONG_LIVED = 'dev|develop|development|next|staging|integration|unstable|beta|canary'
const RELEASE = String.raw`releases?/v?\d[\w.-]*` // 'release/4.0.x', on which the work of a version is done
const OF_BRANCH = new RegExp(
  `^Merge (?:remote-tracking )?branch '(?:[\\w.-]+/)?(?:main|master|trunk|${LONG_LIVED}|${RELEASE})'`,
)
const OF_REQUEST = new RegExp(`^Merge pull request #\\d+ from [^/\\s]+/(?:${LONG_LIVED})$`)

/** The tip of a long-lived branch that the commit merged. (A pull request from somebody's 'main' is one piece of work.) */
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
    author: plainText(author!),
    subject: shorten(plainText(subject!).trim(), SUBJECT_LENGTH),
    body: plainText(body!).trim(),
    // git log calls the commits at which a shallow clone ends so, and those that .git/info/grafts gives other parents
    isCutOff: parents === '' && decoration!.split(', ').includes('grafted'),
    changes: changes.flatMap((change) => toChange(change) ?? []),
    missing,
  }
}

/** null: no file's content. */
function toChange({ letter, path, was, similarity, modes, blobs }: LoggedChange): Change | null {
  const isFile = modes.some((mode) => mode.startsWith('100')) // not a link or a submodule
  const isSame = letter === 'M' && blobs[0] === blobs[1] // only its mode
  return isFile && !isSame
    ? { kind: kindOf(letter), path: was ?? path, renamedTo: was === null ? null : path, similarity }
    : null
}

function kindOf(letter: string): Change['kind'] {
  if (letter === 'A') return 'created'
  if (letter === 'D') return 'deleted'
  return letter === 'R' ? 'renamed' : 'modified'
}
