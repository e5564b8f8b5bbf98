import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where repose keeps what is the user's own, for all repositories: '~/.config/repose'. It need not be there. */
export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env.XDG_CONFIG_HOME ?? ''
  // one that is relative does not count, says its specification: it would lie in the repository
  return join(isAbsolute(own) ? own : join(homedir(), '.config'), 'repose')
}
