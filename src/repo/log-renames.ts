import { GitError, type GitOptions, git } from './git.ts'

/** Files that one commit may have renamed: of more, only those of the same name or content are compared. */
export const RENAMES = 40

/**
 * What `git log` says of commits, renamed files told as such. Texts come as UTF-8, whatever encoding their authors used.
 * Reads trees, and blobs for renames only; nothing is fetched. renames: how many of a commit are looked for. Throws GitError.
 */
export async function logRenames(
  root: string,
  args: readonly string[],
  { renames = RENAMES, ...options }: Omit<GitOptions, 'env'> & { readonly renames?: number } = {},
): Promise<string> {
  const log = (how: string) =>
    git(root, ['log', how, `-l${renames}`, '-z', '--no-show-signature', '--encoding=UTF-8', ...args], {
      ...options,
      env: { GIT_NO_LAZY_FETCH: '1' },
    })
  return await log('-M').catch((error: unknown) => {
    // a partial clone lacks old contents (git 2.44 on fetches none here): renames are then told by equal ids alone
    if (error instanceof GitError && /could not fetch|unable to read/.test(error.stderr)) return log('-M100%')
    throw error
  })
}
