import { type GitOptions, git } from './git.ts'

/** What brings the contents of the past into a partial clone. */
export const BRING_CONTENTS = 'git fetch --refetch --no-filter brings them'

/** Those of these contents that are not in this clone, which is then a partial one. Nothing is fetched. One git process, none for none. Throws GitError. */
export async function missingContents(
  root: string,
  blobs: Iterable<string>,
  options: Pick<GitOptions, 'signal'> = {},
): Promise<ReadonlySet<string>> {
  const asked = new Set(blobs)
  if (asked.size === 0) return asked
  const told = await git(root, ['cat-file', '--batch-check=%(objectname)'], {
    ...options,
    env: { GIT_NO_LAZY_FETCH: '1' },
    input: [...asked].map((blob) => `${blob}\n`).join(''),
  })
  return new Set(told.split('\n').flatMap((line) => (line.endsWith(' missing') ? [line.split(' ', 1)[0]!] : [])))
}

/** True if git may lack contents of the past: it was cloned with a filter, or fetched by one. */
export async function isPartialClone(root: string): Promise<boolean> {
  const settings = await git(root, ['config', '--list', '--name-only', '-z'])
  return /(^|\0)(extensions\.partialclone|remote\.[^\0]*\.promisor)(\0|$)/i.test(settings)
}
