import { homedir } from 'node:os'
import { join } from 'node:path'

/** The folder for the user's own settings in all repositories: '~/.config/repose'. It may not exist. */
export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'repose')
}
