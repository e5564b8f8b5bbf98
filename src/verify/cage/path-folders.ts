import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import { isWithin, leadsOut, realPath } from './mount.ts'

const PROGRAMS = /^(\.?bin|sbin|shims|libexec)$/
/** Folders with a subfolder of programs and with private files. */
const SHARED = ['.local', '.config', '.cache', '.cargo', '.local/share', '.local/state', 'go']

/** What belongs to an installation, in a folder where a tool also keeps its keys: ~/.fly has bin/ and config.yml. */
const INSTALLED =
  /^(s?bin|\.bin|shims|lib\w*|libexec|include|share|lisp|src|versions?|installs?|components|tools|toolchains?|store|pkgs?\d*|packages|global_packages|hosted|envs|py|self|plugins|cli-plugins|cellar|caskroom|homebrew|opt|jre|jdk\w*|sdk|boot|modules|node_modules|vendor|etc|current|default|dist|runtime|conf|jmods|gems|specifications|extensions|release|version|go\.env|pyvenv\.cfg)$/i
/** What a program may need beside itself, where its folder is not `bin` (Zig, .NET). */
const BESIDE = ['lib', 'libexec', 'host', 'shared', 'sdk', 'packs']

/**
 * The folders that a PATH needs: each entry, the folder around it (~/.nvm/versions/node/v20 for its bin), and programs that links in it
 * lead to, with what belongs to them. System folders are left out, and links of the working tree that lead out of it.
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
  // also deeper: ~/.codeium/windsurf
  const isOfTool = (folder: string) =>
    isWithin(folder, home) && (relative(home, folder).startsWith('.') || isShared(dirname(folder)))
  const around = (folder: string) => {
    const prefix = dirname(folder)
    if (!PROGRAMS.test(basename(folder)) || isShared(prefix)) return [folder]
    return [folder, ...(isOfTool(prefix) ? partsOf(prefix) : [prefix])]
  }
  // of any other folder only the program is shown: it may hold keys of the user
  const besides = (program: string) => {
    const folder = dirname(program)
    const [inPackage] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(program) ?? []
    if (inPackage !== undefined) return [inPackage]
    if (PROGRAMS.test(basename(folder))) return around(folder)
    return isShared(folder) ? [] : BESIDE.map((name) => join(folder, name)).filter(existsSync)
  }
  const entries = [...new Set(list.split(':'))].filter(
    (entry) => isAbsolute(entry) && !isShared(entry) && !leadsOut(entry, shared),
  )
  return entries.flatMap((entry) => {
    const isOfSystem = isSystem(entry)
    const own = isOfSystem ? [] : around(entry)
    if (isOfSystem && entry !== '/usr/local/bin') return own // thousands of files installed by the system
    const targets = linksIn(entry)
      .filter((link) => !leadsOut(link, shared))
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
  return entriesOf(folder)
    .filter((one) => one.isSymbolicLink())
    .map(({ name }) => join(folder, name))
}

/** What is installed in a folder in which there may be keys, too. */
export function partsOf(folder: string, parts = INSTALLED): readonly string[] {
  return entriesOf(folder)
    .filter(({ name }) => parts.test(name))
    .map(({ name }) => join(folder, name))
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
