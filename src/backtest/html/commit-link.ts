type Forge = readonly [host: RegExp, path: string]

const FORGES: readonly Forge[] = [
  [/^(www\.)?github\.com$/, 'commit'],
  [/^bitbucket\.org$/, 'commits'],
  [/(^|\.)gitlab\./, '-/commit'], // gitlab.com, and gitlab.example.org of those who run it themselves
]

const URL = /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([\w.-]+)(?::\d+)?\/(.+?)(?:\.git)?\/?$/i
const SCP = /^(?:[\w.-]+@)?([\w.-]+):(?!\/)(.+?)(?:\.git)?\/?$/

/**
 * The web address of a commit, told by the address of the remote ('git@github.com:owner/name.git', 'https://...', 'ssh://...').
 * null: no forge that is known. Names and passwords in the address are left out.
 */
export function commitLink(remote: string | null, commit: string): string | null {
  const address = remote ?? ''
  const [, host = '', path = ''] = URL.exec(address) ?? SCP.exec(address) ?? []
  const forge = FORGES.find(([pattern]) => pattern.test(host.toLowerCase()))
  return forge && /^[\w./~-]+$/.test(path) ? `https://${host.toLowerCase()}/${path}/${forge[1]}/${commit}` : null
}
