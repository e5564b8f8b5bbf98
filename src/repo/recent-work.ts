import type { RepoPath } from '../types.ts'
import { asNamed } from './as-named.ts'
import { GitError, GitLate, git, OutputTooLarge, splitNul } from './git.ts'

/**
 * The number of commits of HEAD since a time, and the files that they changed: none if git takes too much time, memory or output for them.
 * sinceMs: milliseconds since 1970. One git process, or two.
 */
export async function recentWork(
  root: string,
  sinceMs: number,
): Promise<{ readonly commits: number; readonly files: ReadonlySet<RepoPath> }> {
  const since = `--since=${new Date(sinceMs).toISOString()}`
  const log = [
    'log',
    '--no-mailmap',
    '--no-merges',
    '--no-renames',
    '--name-only',
    '-z',
    '--format=%x01',
    since,
    'HEAD',
    '--',
  ]
  const env = asNamed(root)
  const parts = await git(root, log, { env }).then(splitNul, (error: unknown) => {
    if (error instanceof GitLate || error instanceof OutputTooLarge) return null
    throw error
  })
  if (parts === null) {
    const count = await git(root, ['rev-list', '--count', '--no-merges', since, 'HEAD', '--'], { env })
    return { commits: Number(count), files: new Set() }
  }
  const files = new Set(parts.map((part) => part.replace(/^[\x01\n]+/, '')).filter((part) => part !== ''))
  return { commits: parts.filter((part) => part.startsWith('\x01')).length, files }
}

/** Whether there is a commit. A bare repository counts too. */
export async function hasCommits(folder: string): Promise<boolean> {
  return git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { env: asNamed(folder) }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof GitError) return false
      throw error
    },
  )
}
