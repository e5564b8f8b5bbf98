import { type Dirent, readdirSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { isWithin, realPath } from './mount.ts'

const PROGRAMS = /^(\.?bin|sbin|shims|libexec)$/
/** Folders with a subfolder of programs and with private files. */
const SHARED = ['.local', '.config', '.cache', '.cargo', '.local/share', '.local/state', 'go']

/**
 * The folders that a PATH needs: each entry, the folder around it (~/.nvm/versions/node/v20 for its bin), and programs that links in it
 * lead to, with what belongs to them. System folders are left out.
 *
 * shared: folders of which, like all their parents, only the named parts may be shown: the home folder, the working tree.
 */
export function pathFolders(
  list: string,
  isSystem: (path: string) => boolean,
  home: string,
  shared: readonly string[],
): readonly string[] {
  const isShared = sharedFolders(home, shared)
  const around = (folder: string) =>
    PROGRAMS.test(basename(folder)) && !isShared(dirname(folder)) ? [folder, dirname(folder)] : [folder]
  // of any other folder only the program is shown: it may hold keys of the user
  const besides = (program: string) => {
    const folder = dirname(program)
    const [inPackage] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(program) ?? []
    return inPackage !== undefined ? [inPackage] : PROGRAMS.test(basename(folder)) ? around(folder) : []
  }
  const entries = [...new Set(list.split(':'))].filter((entry) => isAbsolute(entry) && !isShared(entry))
  return entries.flatMap((entry) => {
    const isOfSystem = isSystem(entry)
    const own = isOfSystem ? [] : around(entry)
    if (isOfSystem && entry !== '/usr/local/bin') return own // thousands of files installed by the system
    const targets = linksIn(entry)
      .map(realPath)
      .filter((real) => real !== null)
    const elsewhere = targets.filter((real) => !isSystem(real) && !isWithin(real, entry) && !isFolder(real))
    return [...own, ...elsewhere.flatMap((real) => [real, ...besides(real).filter((folder) => !isShared(folder))])]
  })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Whether a path is such a folder or above one. */
export function sharedFolders(home: string, shared: readonly string[]): (path: string) => boolean {
  const kept = [home, ...SHARED.map((name) => join(home, name)), ...shared]
  return (path) => kept.some((one) => isWithin(one, path))
}

export function linksIn(folder: string): readonly string[] {
  let names: readonly Dirent[]
  try {
    names = readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
  return names.filter((one) => one.isSymbolicLink()).map((one) => join(folder, one.name))
}
