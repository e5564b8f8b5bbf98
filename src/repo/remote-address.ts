import { GitError, git } from './git.ts'

/**
 * The address of the remote that the current branch tracks, else of origin, else of the only remote; null: none of these. Four short git
 * processes.
 */
export async function remoteAddress(root: string): Promise<string | null> {
  const names = (await git(root, ['remote'])).split('\n').filter(Boolean)
  const branch = await said(root, 'symbolic-ref', '--quiet', 'HEAD')
  const followed = branch && (await said(root, 'for-each-ref', '--format=%(upstream:remotename)', branch))
  const name = [followed, 'origin'].find((one) => one && names.includes(one)) ?? (names.length === 1 ? names[0] : null)
  return name ? said(root, 'remote', 'get-url', name) : null
}

/** null: git found nothing, because HEAD is detached or the remote has no address. */
async function said(root: string, ...args: string[]): Promise<string | null> {
  try {
    return (await git(root, args)).trim()
  } catch (error) {
    if (error instanceof GitError) return null
    throw error
  }
}
