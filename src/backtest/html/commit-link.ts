// For 'host/path' of the remote, the part of the web address before the hash. Also for hosts that name their forge,
// 'gitlab.example.org'.
const FORGES: readonly (readonly [remote: RegExp, web: string])[] = [
  [/^(?:www\.|ssh\.)?(github\.com\/.+)$/, '$1/commit'],
  [/^(?:altssh\.)?(gitlab\.com\/.+)$/, '$1/-/commit'],
  [/^((?:[\w-]+\.)*gitlab\.[^/]+\/.+)$/, '$1/-/commit'],
  [/^(?:altssh\.)?(bitbucket\.org\/.+)$/, '$1/commits'],
  [/^(codeberg\.org\/.+|(?:[\w-]+\.)*(?:gitea|forgejo)\.[^/]+\/.+)$/, '$1/commit'],
  [/^(git\.sr\.ht\/~[^/]+\/[^/]+)$/, '$1/commit'],
  [/^((?:dev\.azure|[\w-]+\.visualstudio)\.com\/(?:.+\/)?_git\/[^/]+)$/, '$1/commit'],
  [
    /^(?:ssh\.dev\.azure|vs-ssh\.visualstudio)\.com\/v3\/([^/]+)\/([^/]+)\/([^/]+)$/,
    'dev.azure.com/$1/$2/_git/$3/commit',
  ],
]

const URL = /^(https?|ssh|git):\/\/(?:[^@/]*@)?([\w.-]+)(:\d+)?\/(.+?)(?:\.git)?\/?$/i
const SCP = /^(?:[\w.-]+@)?([\w.-]+):(?!\/)(.+?)(?:\.git)?\/?$/
const PATH = /^([\w./~-]|%[\da-f]{2})+$/i

/**
 * The web address of a commit, from the address of the remote ('git@github.com:owner/name.git', 'https://...', 'ssh://...'). null:
 * unknown forge. User names and passwords in the address are removed.
 */
export function commitLink(remote: string | null, commit: string): string | null {
  const [scheme, host, path] = partsOf(remote ?? '')
  const [from, to] = FORGES.find(([pattern]) => pattern.test(`${host}/${path}`)) ?? []
  return from && to && PATH.test(path) ? `${scheme}://${`${host}/${path}`.replace(from, to)}/${commit}` : null
}

/** Keeps the port only if it is that of the web server. */
function partsOf(remote: string): [scheme: string, host: string, path: string] {
  const [, scheme = '', host = '', port = '', path = ''] = URL.exec(remote) ?? []
  if (/^http/i.test(scheme)) return [scheme.toLowerCase(), host.toLowerCase() + port.replace(/^:443$/, ''), path]
  const [, scpHost = host, scpPath = path] = scheme ? [] : (SCP.exec(remote) ?? [])
  return ['https', scpHost.toLowerCase(), scpPath]
}
