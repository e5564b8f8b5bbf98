import { devNull } from 'node:os'
import { isAbsolute } from 'node:path'
import { ownEnvironment } from '../processes/own-environment.ts'
import { quoteForShell } from '../processes/quote-for-shell.ts'
import { isOfWork } from '../processes/worked-on.ts'
import { LIST_HOOKS, RECEIVING, withoutHooks } from './configured-hooks.ts'
import { GitError, git } from './git.ts'
import { gitEnvironment } from './git-environment.ts'
import { localFolder } from './remote-named.ts'

/** How the user's git reaches a remote. It is their environment, not the repository's. */
const OF_USER =
  /^(GIT_SSH(_COMMAND|_VARIANT)?|GIT_ASKPASS|SSH_ASKPASS(_REQUIRE)?|GIT_PROXY_COMMAND|GIT_SSL_\w+|GIT_HTTP_\w+)$/
/** Transports that are git's own. Others (ext::) are programs that the address names. */
const TRANSPORTS = 'http:https:ssh:git:file'
/** Settings that are data, not programs: CI puts its token there. */
const PASSED_ON = String.raw`^http\.(.*\.)?extraheader$`

/**
 * The environment for git commands that reach a remote. They run in a folder of repose's own, so that they read the user's settings
 * (credential helpers, ssh, proxies, insteadOf) and none of the repository, except HTTP headers. One git process.
 */
export async function remoteEnvironment(
  root: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Record<string, string>> {
  // a command may name a program of a clone in any word: GIT_SSH_COMMAND='env A=1 /clone/ssh'
  const own = Object.entries(ownEnvironment(env)).filter(
    ([name, value]) =>
      OF_USER.test(name) && !value.split(/[\s'"=]+/).some((word) => isAbsolute(word) && isOfWork(word)),
  )
  const listed = await git(root, ['config', '--local', '--includes', '--null', '--get-regexp', PASSED_ON]).catch(
    (error: unknown) => {
      if (error instanceof GitError) return '' // there is none
      throw error
    },
  )
  const before = Number(gitEnvironment(env).GIT_CONFIG_COUNT ?? 0)
  const settings = listed
    .split('\0')
    .filter((entry) => entry.includes('\n'))
    .map((entry, i) => {
      const at = entry.indexOf('\n')
      return [
        [`GIT_CONFIG_KEY_${before + i}`, entry.slice(0, at)],
        [`GIT_CONFIG_VALUE_${before + i}`, entry.slice(at + 1)],
      ]
    })
  return {
    ...Object.fromEntries(own),
    GIT_ALLOW_PROTOCOL: env.GIT_ALLOW_PROTOCOL ?? TRANSPORTS,
    ...(settings.length > 0 ? { GIT_CONFIG_COUNT: String(before + settings.length) } : {}),
    ...Object.fromEntries(settings.flat()),
  }
}

// The other end of a push to a repository on this machine is a git of ours: it would run that repository's hooks, and the programs that
// its settings name.
const AT_OTHER_END: Readonly<Record<string, string>> = {
  'core.hooksPath': devNull,
  'core.fsmonitor': 'false',
  'core.alternateRefsCommand': 'true', // a program that says nothing
  'receive.autogc': 'false', // gc.recentObjectsHook
}

/**
 * The command line for the other end, upload-pack or receive-pack, of a repository on this machine: without its hooks. git passes it to a
 * shell, and its own variables do not reach that process.
 */
export async function otherEnd(url: string, service: 'upload-pack' | 'receive-pack'): Promise<string> {
  const listed = await git(localFolder(url), LIST_HOOKS).catch(() => '')
  const settings = Object.entries(AT_OTHER_END)
  const env = withoutHooks({ GIT_CONFIG_COUNT: String(settings.length) }, listed, RECEIVING)
  settings.forEach(([key, value], i) => {
    env[`GIT_CONFIG_KEY_${i}`] = key
    env[`GIT_CONFIG_VALUE_${i}`] = value
  })
  return [...Object.entries(env).map(([name, value]) => `${name}=${quoteForShell(value)}`), `git ${service}`].join(' ')
}
