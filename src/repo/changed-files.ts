import { existsSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import type { RepoPath } from '../types.ts'
import { git, splitNul, streamGit } from './git.ts'
import type { Repo } from './open-repo.ts'

export interface ChangedFile {
  readonly kind: 'created' | 'modified' | 'deleted' | 'renamed'
  /** After the change; of a deleted file, before it. */
  readonly path: RepoPath
  /** Before a rename; null: not renamed. */
  readonly was: RepoPath | null
}

type Place = Pick<Repo, 'root' | 'commonDir'>

// The user's diff.* settings must not change which paths are listed, and how.
const NAMES = ['diff', '--name-status', '-z', '--find-renames', '--no-relative', '-O/dev/null']

const LINES = [
  ...['diff', '--unified=0', '--find-renames', '--no-relative', '-O/dev/null'],
  ...['--no-color', '--src-prefix=a/', '--dst-prefix=b/'],
]
const MOST_LINES = 5e6 // bytes: what changes more is a sweep

/** What the next commit would change. Inside a hook, the index of the commit that is being made. One git process. */
export async function stagedFiles(place: Place): Promise<ChangedFile[]> {
  return changesIn(await git(place.root, [...NAMES, '--cached'], { env: indexOfHook(place) }))
}

/** Files of the working tree that differ from a commit, including untracked ones that git does not ignore. Two git processes. */
export async function filesChangedSince({ root }: Place, commit: string): Promise<ChangedFile[]> {
  const [changed, untracked] = await Promise.all([
    git(root, [...NAMES, commit]),
    git(root, ['ls-files', '--others', '--exclude-standard', '-z']),
  ])
  const created = splitNul(untracked).map((path): ChangedFile => ({ kind: 'created', path, was: null }))
  return [...changesIn(changed), ...created]
}

/**
 * The lines of a change, without context: of what is staged, or of the working tree against a commit. '' if they are more than 5 MB. One
 * git process.
 */
export async function changedLines(place: Place, against: string | 'index'): Promise<string> {
  const staged = against === 'index'
  const chunks: Buffer[] = []
  let bytes = 0
  await streamGit(place.root, [...LINES, ...(staged ? ['--cached'] : [against])], {
    env: staged ? indexOfHook(place) : {},
    onOutput(chunk) {
      chunks.push(chunk)
      bytes += chunk.length
      return bytes <= MOST_LINES
    },
  })
  return bytes > MOST_LINES ? '' : Buffer.concat(chunks).toString('utf8')
}

/** Tracked files that differ from the index. One git process. */
export async function unstagedFiles(place: Place): Promise<Set<RepoPath>> {
  const listed = await git(place.root, [...NAMES, '--no-renames'], { env: indexOfHook(place) })
  return new Set(changesIn(listed).map(({ path }) => path))
}

/** All paths of the index. One git process. */
export async function trackedFiles(place: Place): Promise<Set<RepoPath>> {
  return new Set(splitNul(await git(place.root, ['ls-files', '-z'], { env: indexOfHook(place) })))
}

/** True while a merge waits for its commit. One git process. */
export function isMerging({ root }: Place): Promise<boolean> {
  return git(root, ['rev-parse', '--quiet', '--verify', 'MERGE_HEAD']).then(
    () => true,
    () => false,
  )
}

function changesIn(output: string): ChangedFile[] {
  const fields = splitNul(output)
  const found = new Map<RepoPath, ChangedFile>() // a conflict is listed twice
  for (let at = 0; at < fields.length; ) {
    const letter = fields[at]![0]!
    const isRenamed = letter === 'R' || letter === 'C'
    const [first, second] = [fields[at + 1]!, fields[at + 2]!]
    at += isRenamed ? 3 : 2
    const path = isRenamed ? second : first
    if (letter === 'R') found.set(path, { kind: 'renamed', path, was: first })
    else found.set(path, { kind: KINDS[letter] ?? 'modified', path, was: null })
  }
  return [...found.values()]
}

const KINDS: Readonly<Record<string, ChangedFile['kind']>> = { A: 'created', C: 'created', D: 'deleted' }

/** `git commit -a` and `git commit FILE` make an index of their own, which they name to hooks. One elsewhere is not ours. */
export function indexOfHook({ root, commonDir }: Place): Record<string, string> {
  const named = process.env.GIT_INDEX_FILE
  if (!named) return {}
  const file = resolve(root, named)
  return file.startsWith(commonDir + sep) && existsSync(file) ? { GIT_INDEX_FILE: file } : {}
}
