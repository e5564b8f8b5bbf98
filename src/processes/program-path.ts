import { accessSync, constants, statSync } from 'node:fs'
import { join, win32 } from 'node:path'
import { isOfWork } from './worked-on.ts'

/**
 * Absolute path of a program in PATH; null: not found. Empty and relative entries of PATH are skipped: they mean the current folder, and so
 * files of a repository. So are programs in a folder that this process works on: a commit may have brought them. (Windows searches the
 * current folder even without such an entry, so never start a bare name.)
 */
export function programPath(
  name: string,
  path: string = process.env.PATH ?? '',
  platform: NodeJS.Platform = process.platform,
  isProgram: (file: string) => boolean = isOwnProgram,
): string | null {
  const isWindows = platform === 'win32'
  for (const entry of path.split(isWindows ? ';' : ':')) {
    const folder = isWindows ? entry.replace(/^"(.*)"$/, '$1') : entry
    if (!(isWindows ? /^([a-z]:[\\/]|\\\\)/i : /^\//).test(folder)) continue
    const file = isWindows ? win32.join(folder, `${name}.exe`) : join(folder, name)
    if (isProgram(file)) return file
  }
  return null
}

function isOwnProgram(file: string): boolean {
  return isExecutable(file) && !isOfWork(file)
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
