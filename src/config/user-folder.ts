import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where repose keeps what is the user's own, for all repositories: '~/.config/repose'. It need not be there. */
export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'repose')
}
