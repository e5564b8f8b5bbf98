import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../errors.ts'
import { git } from './git.ts'

export interface NamedRemote {
  readonly name: string
  /** Where it is read, and where it is written. */
  readonly fetchUrl: string
  readonly pushUrl: string
}

/**
 * A remote by its name; without one, that of the current branch, else origin, else the only one. Throws UserError if there is none. One
 * short git process, or two if there are several remotes. None uses the network.
 */
export async function remoteNamed(root: string, asked: string | undefined): Promise<NamedRemote> {
  const remotes = await allRemotes(root)
  const names = [...remotes.keys()]
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
  const address = (url: string) => {
    if (url === '' || url.startsWith('-'))
      throw new UserError(`the remote ${name} has no address`, `git remote set-url ${name} URL`)
    return isLocal(url) && !url.startsWith('file:') ? resolve(root, url) : url
  }
  const { fetchUrl, pushUrl } = remotes.get(name)!
  return { name, fetchUrl: address(fetchUrl), pushUrl: address(pushUrl) }
}

type Addresses = Omit<NamedRemote, 'name'>

/** The first addresses of each remote, as git uses them (insteadOf); '': it has none. */
export async function allRemotes(root: string): Promise<ReadonlyMap<string, Addresses>> {
  const remotes = new Map<string, Addresses>()
  for (const line of (await git(root, ['remote', '--verbose'])).split('\n')) {
    const [, name, url, way] = /^([^\t]+)\t(?:(.*) \((fetch|push)\)(?: \[[^\]]*\])?)?$/.exec(line) ?? [] // [...]: the filter of a partial clone
    if (name === undefined) continue
    const known = remotes.get(name) ?? { fetchUrl: '', pushUrl: '' }
    const key = way === 'push' ? 'pushUrl' : 'fetchUrl'
    remotes.set(name, known[key] === '' ? { ...known, [key]: url ?? '' } : known)
  }
  return remotes
}

/** The remote that the current branch tracks, else origin, else the only one; null: none of these. */
export async function usualRemote(root: string, names: readonly string[]): Promise<string | null> {
  if (names.length <= 1) return names[0] ?? null
  const ofBranch = '%(if)%(HEAD)%(then)%(upstream:remotename)%(end)'
  const said = await git(root, ['for-each-ref', `--format=${ofBranch}`, 'refs/heads'])
  return [...said.split('\n'), 'origin'].find((one) => names.includes(one)) ?? null
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
