import { isAbsolute, join } from 'node:path'
import { homeFolder } from '../files/home-folder.ts'

/** The folder for the user's own settings in all repositories: '~/.config/repose'. It may not exist. */
export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  return folderOf(env.XDG_CONFIG_HOME, '.config')
}

/** The folder for what repose notes about this machine: '~/.local/state/repose'. It may not exist. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  return folderOf(env.XDG_STATE_HOME, '.local/state')
}

function folderOf(own: string | undefined, usual: string): string {
  // the XDG specification tells programs to ignore a relative path; it would lead into the repository
  return join(isAbsolute(own ?? '') ? own! : join(homeFolder(), usual), 'repose')
}
