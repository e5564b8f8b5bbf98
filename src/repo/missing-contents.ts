import { type GitOptions, git } from './git.ts'

/** The command that fetches past contents into a partial clone. */
export const BRING_CONTENTS = 'git fetch --refetch --no-filter brings them'

/**
 * The contents that this clone lacks; if any, it is a partial clone. Fetches nothing. One git process, or none for an empty list. Throws
 * GitError.
 */
export async function missingContents(
  root: string,
  blobs: Iterable<string>,
  options: Pick<GitOptions, 'signal'> = {},
): Promise<ReadonlySet<string>> {
  const asked = new Set(blobs)
  if (asked.size === 0) return asked
  const output = await git(root, ['cat-file', '--batch-check=%(objectname)'], {
    ...options,
    input: [...asked].map((blob) => `${blob}\n`).join(''),
  })
  return new Set(output.split('\n').flatMap((line) => (line.endsWith(' missing') ? [line.split(' ', 1)[0]!] : [])))
}

/** True if git may lack past contents: the repository was cloned or fetched with a filter. */
export async function isPartialClone(root: string): Promise<boolean> {
  const settings = await git(root, ['config', '--list', '--name-only', '-z'])
  return /(^|\0)(extensions\.partialclone|remote\.[^\0]*\.promisor)(\0|$)/i.test(settings)
}
