import { GitError, type GitOptions, git } from './git.ts'

const RENAMES = 40 // files that one commit could have renamed: of more, only those of the same name or content are compared

/**
 * What `git log` says of commits, renamed files told as such. Texts come as UTF-8, whatever encoding their authors used.
 * Reads trees, and blobs for renames only; nothing is fetched. Throws GitError.
 */
export async function logRenames(
  root: string,
  args: readonly string[],
  options: Omit<GitOptions, 'env'> = {},
): Promise<string> {
  const log = (renames: string) =>
    git(root, ['log', renames, `-l${RENAMES}`, '-z', '--no-show-signature', '--encoding=UTF-8', ...args], {
      ...options,
      env: { GIT_NO_LAZY_FETCH: '1' },
    })
  return await log('-M').catch((error: unknown) => {
    // a partial clone lacks old contents (git 2.44 on fetches none here): renames are then told by equal ids alone
    if (error instanceof GitError && /could not fetch|unable to read/.test(error.stderr)) return log('-M100%')
    throw error
  })
}
