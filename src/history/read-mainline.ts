import { logRenames } from '../repo/log-renames.ts'
import { plainText } from '../repo/plain-text.ts'
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
}

export interface Change {
  readonly kind: 'created' | 'modified' | 'deleted' | 'renamed'
  /** In the state before the commit; of a created file, its path after it. */
  readonly path: RepoPath
  /** Of a renamed file: how much of its content stayed, in percent. 100 otherwise. */
  readonly similarity: number
}

const FORMAT = '%x01%H%x00%P%x00%ct%x00%an%x00%D%x00%s%x00%b%x00'
const FIELDS = 7

/**
 * The newest commits of the mainline: `head`, its first parent, that one's first parent ..., newest first, each with what it
 * changed against its first parent. A pull request is one commit here, whether it was merged, squashed or octopus-merged.
 *
 * since: commits that this revision can see are left out. One git process: about 10,000 commits a second. Throws GitError.
 */
export async function readMainline(
  root: string,
  head: string,
  options: { since?: string; maxCommits: number; signal?: AbortSignal },
): Promise<MainlineCommit[]> {
  const output = await logRenames(
    root,
    [
      ...['--first-parent', '-m', '--raw', '--decorate-refs-exclude=*'],
      ...[`--max-count=${options.maxCommits}`, `--format=${FORMAT}`, head],
      ...(options.since ? [`^${options.since}`] : []),
      '--',
    ],
    options.signal ? { signal: options.signal } : {},
  )
  return parseLog(output)
}

function parseLog(output: string): MainlineCommit[] {
  const tokens = output.split('\0')
  const commits: MainlineCommit[] = []
  let at = 0
  while (at < tokens.length && tokens[at]!.startsWith('\x01')) {
    const [hash, parents, time, author, decoration, subject, body] = tokens.slice(at, at + FIELDS) as string[]
    at += FIELDS
    const changes: Change[] = []
    for (; at < tokens.length && !tokens[at]!.startsWith('\x01'); at++) {
      const raw = /^\n?:(\d+) (\d+) (\w+) (\w+) ([A-Z])(\d*)$/.exec(tokens[at]!)
      if (!raw) continue // the empty token between the message and the changes
      const [, modeBefore, modeAfter, before, after, letter, similarity] = raw as unknown as string[]
      const path = tokens[++at]!
      if (letter === 'R' || letter === 'C') at++ // the new path
      const isFile = modeBefore!.startsWith('100') || modeAfter!.startsWith('100') // not a link or a submodule
      const isSame = letter === 'M' && before === after // only its mode
      if (isFile && !isSame) changes.push({ kind: kindOf(letter!), path, similarity: Number(similarity || 100) })
    }
    commits.push({
      hash: hash!.slice(1),
      parents: parents!.split(' ').filter(Boolean),
      time: Number(time),
      author: plainText(author!),
      subject: plainText(subject!).trim(),
      body: plainText(body!).trim(),
      // git log calls the commits at which a shallow clone ends so
      isCutOff: decoration!.split(', ').includes('grafted'),
      changes,
    })
  }
  return commits
}

function kindOf(letter: string): Change['kind'] {
  if (letter === 'A' || letter === 'C') return 'created'
  if (letter === 'D') return 'deleted'
  return letter === 'R' ? 'renamed' : 'modified'
}
