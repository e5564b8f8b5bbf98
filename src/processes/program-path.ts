import { accessSync, constants, statSync } from 'node:fs'
import { join, win32 } from 'node:path'

/**
 * Absolute path of a program, found in PATH. Entries that are empty or relative do not count: they mean the folder that one stands in, and so what a
 * repository brings. (Windows looks there even without such an entry, so a bare name must not be started.) null: there is none.
 */
export function programPath(
  name: string,
  path: string = process.env.PATH ?? '',
  platform: NodeJS.Platform = process.platform,
  isProgram: (file: string) => boolean = isExecutable,
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

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
