import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether a program can be started from a folder, by its path relative to the folder or by its name in PATH. */
export function isInstalled(program: string, folder: string, env: NodeJS.ProcessEnv = process.env): boolean {
  if (/[/\\]/.test(program)) return isProgram(join(folder, program), env)
  return (env.PATH ?? env.Path ?? '')
    .split(delimiter)
    .some((place) => place !== '' && isProgram(join(place, program), env))
}

function isProgram(path: string, env: NodeJS.ProcessEnv): boolean {
  const endings = process.platform === 'win32' ? ['', ...(env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';')] : ['']
  return endings.some((ending) => {
    try {
      accessSync(path + ending, constants.X_OK)
      return statSync(path + ending).isFile()
    } catch {
      return false // missing, or not executable for this user
    }
  })
}
