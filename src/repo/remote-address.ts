import { git } from './git.ts'
import { said, usualRemote } from './remote-named.ts'

/**
 * The address of the remote that the current branch tracks, else of origin, else of the only remote; null: none of these. Four short git
 * processes.
 */
export async function remoteAddress(root: string): Promise<string | null> {
  const name = await usualRemote(root, (await git(root, ['remote'])).split('\n').filter(Boolean))
  return name ? said(root, 'remote', 'get-url', name) : null
}
