import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** The folder for the user's own settings in all repositories: '~/.config/repose'. It may not exist. */
export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env.XDG_CONFIG_HOME ?? ''
  // the XDG specification tells programs to ignore a relative path; it would lead into the repository
  return join(isAbsolute(own) ? own : join(homedir(), '.config'), 'repose')
}
