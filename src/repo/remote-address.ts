import { allRemotes, usualRemote } from './remote-named.ts'

/**
 * The address of the remote that the current branch tracks, else of origin, else of the only remote; null: none of these. One or two short
 * git processes.
 */
export async function remoteAddress(root: string): Promise<string | null> {
  const remotes = await allRemotes(root)
  const name = await usualRemote(root, [...remotes.keys()])
  return (name !== null && remotes.get(name)?.fetchUrl) || null
}
