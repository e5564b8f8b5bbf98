import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../errors.ts'
import { GitError, git } from './git.ts'

export interface NamedRemote {
  readonly name: string
  /** Where it is read, and where it is written. */
  readonly fetchUrl: string
  readonly pushUrl: string
}

/**
 * A remote by its name; without one, that of the current branch, else origin, else the only one. Throws UserError if there is none.
 * Three or four short git processes, none of which uses the network.
 */
export async function remoteNamed(root: string, asked: string | undefined): Promise<NamedRemote> {
  const names = (await git(root, ['remote'])).split('\n').filter(Boolean)
  if (names.length === 0)
    throw new UserError(
      'this repository has no remote, and the store of a team is on one',
      'git remote add origin URL; repose export jsonl > FILE and repose import FILE need none',
    )
  const name = asked ?? (await usualRemote(root, names))
  if (name === null || !names.includes(name))
    throw new UserError(
      name === null ? `which of ${names.length} remotes is meant is not said` : `there is no remote ${name}`,
      `name one with --remote: ${names.slice(0, 10).join(', ')}`,
    )
  const address = async (...which: string[]) => {
    const said = await git(root, ['remote', 'get-url', ...which, '--', name]).catch((error: unknown) => {
      if (error instanceof GitError) return ''
      throw error
    })
    const url = said.split('\n')[0]!
    if (url === '' || url.startsWith('-'))
      throw new UserError(`the remote ${name} has no address`, `git remote set-url ${name} URL`)
    return isLocal(url) && !url.startsWith('file:') ? resolve(root, url) : url
  }
  return { name, fetchUrl: await address(), pushUrl: await address('--push') }
}

/** The remote that the current branch tracks, else origin, else the only one; null: none of these. */
export async function usualRemote(root: string, names: readonly string[]): Promise<string | null> {
  const branch = await said(root, 'symbolic-ref', '--quiet', 'HEAD')
  const followed = branch && (await said(root, 'for-each-ref', '--format=%(upstream:remotename)', branch))
  return [followed, 'origin'].find((one) => one && names.includes(one)) ?? (names.length === 1 ? names[0]! : null)
}

/** null: git found nothing, because HEAD is detached or the remote has no address. */
export async function said(root: string, ...args: string[]): Promise<string | null> {
  try {
    return (await git(root, args)).trim() || null
  } catch (error) {
    if (error instanceof GitError) return null
    throw error
  }
}

/** True for a repository on this machine: a path, or a file:// address. As git tells it from 'host:path'. */
export function isLocal(url: string): boolean {
  if (/^file:\/\//i.test(url)) return true
  if (/^[a-z][\w+.-]*:(\/\/|:)/i.test(url)) return false
  const colon = url.indexOf(':')
  const slash = url.indexOf('/')
  return colon < 0 || (slash >= 0 && slash < colon) || (process.platform === 'win32' && /^[A-Za-z]:[\\/]/.test(url))
}

/** The folder of a repository on this machine. */
export function localFolder(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url
}
