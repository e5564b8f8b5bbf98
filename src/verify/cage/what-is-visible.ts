import { existsSync, readdirSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { homeFolder } from '../../files/home-folder.ts'
import { type GitFolders, gitFolders, isObjectFolder, isPartOfGit } from './git-folders.ts'
import { CACHES, IN_CACHE, INSTALLATIONS, SETTINGS, TOOLS } from './home-folders.ts'
import { interpreters } from './interpreters.ts'
import { keysIn } from './keys-in.ts'
import { linkedFolders } from './linked-folders.ts'
import { isWithin, leadsOut, type Mount, mountsOf, realPath } from './mount.ts'
import { notForAll } from './not-for-all.ts'
import { pathFolders, sharedFolders } from './path-folders.ts'
import { settingsFile } from './without-credentials.ts'

/** Where checks run. */
export interface CagePlace {
  /** Absolute real path of the working tree, which is writable. */
  readonly root: string
  /** The user's working tree. It is hidden except for `linked`, its dependency folders. Absolute. */
  readonly tree?: string
  readonly linked?: readonly string[]
}

const SYSTEM = /^\/(usr|bin|sbin|lib\w*|etc|opt|nix|gnu)$/
/** Further kernel information, for programs that ask for the number of processors and the memory. */
const ALSO = ['/sys/devices/system', '/sys/fs/cgroup', '/sys/kernel/mm', '/run/current-system', '/run/opengl-driver']
const OF_VAR = ['gems', 'ghc', 'texmf'].map((name) => `/var/lib/${name}`)
/** Folders there that no check needs, though everybody may read them. */
const KEYS = ['ssh', 'docker', 'kubernetes'].map((name) => `/etc/${name}`)
/** Variables with paths that are shown only in part or not at all: settings and folders of a user hold passwords. */
const NO_FOLDER =
  /^(HOME|PWD|TMPDIR|PATH|GOPATH|PYTHONSTARTUP|ANDROID_PREFS_ROOT|\w+_(USER|CLI|SDK|AVD|EMULATOR)_HOME|(CARGO|HEX|PUB|GEM|M2)_HOME)$|^(npm_config|XDG)_|^(?!PKG_)\w*_CONFIG(_|PATH|$)|CLIENT_CERT|HISTORY|ENV_FILE|DOTENV|SETTINGS|IDENTITY|_LOG(_|$)/i

/**
 * What checks see of the machine. Read-only: the system and toolchains, installed and cached packages, the git folder. Writable: the
 * working tree. Nothing else exists there: not the home folder, or other working trees.
 *
 * env: the environment of the checks. readable: further paths that the user allows.
 */
export function whatIsVisible(
  { root, tree, linked = [] }: CagePlace,
  env: Readonly<Record<string, string>>,
  readable: readonly string[],
): readonly Mount[] {
  const home = homeOf(env)
  const system = readdirSync('/').filter((name) => SYSTEM.test(`/${name}`))
  const isSystem = (path: string) => system.some((name) => isWithin(path, `/${name}`)) && !isWithin(path, home)
  const git = gitFolders(root)
  const shared = [root, ...(tree ? [tree] : [])]
  const isShared = sharedFolders(home, shared)
  const tools: readonly Mount[] = [
    ...toolsOf(home, env, isSystem, shared, tree),
    ...cachesOf(home, env, shared),
    ...(tree ? linkedFolders(tree, linked, root) : []),
    ...linked.flatMap((folder) =>
      interpreters(folder, (path) => isSystem(path) || isShared(path)).flatMap((one) => mountsOf(one, 'layer')),
    ),
  ]
  return [
    ...[...system.map((name) => `/${name}`), ...ALSO, ...OF_VAR].flatMap((path) => mountsOf(path)),
    ...[...KEYS.filter((path) => existsSync(path)), ...notForAll('/etc')].map(hidden),
    ...ofInstalled(home, env, shared),
    { kind: 'empty', path: '/tmp' },
    ...mountsOf(homeFolder()).filter(({ kind }) => kind === 'link'),
    { kind: 'empty', path: home },
    ...(tree && tree !== home && tree !== '/' && !SYSTEM.test(tree) ? [{ kind: 'bare', path: tree } as const] : []),
    ...tools,
    ...tools.filter(({ kind }) => kind === 'read' || kind === 'layer').flatMap(({ path }) => keysIn(path)),
    ...INSTALLATIONS.flatMap((name) => foldersAt(home, name.split('/'))).flatMap(keysIn),
    ...SETTINGS.flatMap((name) => settingsFile(join(home, name))),
    ...readable.flatMap((path) => mountsOf(path.replace(/^~(?=\/)/, homeFolder()))),
    { kind: 'write', path: root },
    ...(git ? ofGit(git, root) : []),
  ]
}

/** Folders of applications beside the system's own packages. One may keep its keys there. */
const INSTALLED = ['/opt', '/usr/local']
/** Packages of interpreters. */
const PACKAGES = /^\/usr\/local\/(lib\w*\/(python|pypy|node_modules|ruby|perl)|Cellar)/
const MOST_INSTALLED = 50_000

/** Hides what not everybody may read in `INSTALLED` and, in three levels, in /usr, except the programs of PATH and named toolchains. */
function ofInstalled(home: string, env: Readonly<Record<string, string>>, shared: readonly string[]): readonly Mount[] {
  const isOfSystem = (path: string) =>
    SYSTEM.test(`/${path.split('/')[1]}`) && !INSTALLED.some((folder) => isWithin(path, folder))
  const tools = [
    ...pathFolders(env.PATH ?? '', isOfSystem, home, shared),
    ...namedFolders(env, shared).map(({ path }) => path),
  ]
  const kept = tools.filter((path) => INSTALLED.some((folder) => path !== folder && isWithin(path, folder)))
  const isKept = (path: string) => PACKAGES.test(path) || kept.some((folder) => isWithin(path, folder))
  const found = [
    ...INSTALLED.flatMap((path) => notForAll(path, { isKept, most: MOST_INSTALLED, hidesRest: false })),
    ...notForAll('/usr', {
      isKept: (path) => path === '/usr/local' || /^\/usr\/s?bin$/.test(path),
      levels: 3,
      hidesRest: false,
    }),
  ]
  return [...found.map(hidden), ...kept.flatMap((path) => [...mountsOf(path), ...keysIn(path)])]
}

/** Folders with such a path, of which '*' is any name. */
function foldersAt(folder: string, [name, ...rest]: readonly string[]): readonly string[] {
  if (name === undefined) return [folder]
  if (name !== '*') return foldersAt(join(folder, name), rest)
  try {
    return readdirSync(folder).flatMap((one) => foldersAt(join(folder, one), rest))
  } catch {
    return [] // missing
  }
}

/** Folders that variables name, except links of the working tree that lead out of it. */
function namedFolders(env: Readonly<Record<string, string>>, shared: readonly string[]) {
  return Object.entries(env)
    .filter(([name]) => !NO_FOLDER.test(name))
    .flatMap(([name, value]) => value.split(':').map((path) => ({ name, path })))
    .filter(({ path }) => path.startsWith('/') && !leadsOut(path, shared))
}

/** A check's home folder: empty, at the path of the user's. */
export function homeOf(env: Readonly<Record<string, string>>): string {
  const home = realPath(isAbsolute(env.HOME ?? '') ? env.HOME! : homeFolder())
  return home === null || home === '/' || SYSTEM.test(home) ? '/tmp/home' : home
}

function toolsOf(
  home: string,
  env: Readonly<Record<string, string>>,
  isSystem: (path: string) => boolean,
  shared: readonly string[],
  tree: string | undefined,
): readonly Mount[] {
  const inPart = CACHES.filter(({ parts }) => parts).map(({ home: name }) => join(home, name))
  const isShared = sharedFolders(home, [...inPart, cacheFolder(home, env), ...shared])
  const isPrivate = (path: string) =>
    isShared(path) || [tree, join(home, '.config')].some((one) => one && isWithin(path, one))
  const named = namedFolders(env, shared).filter(({ path }) => !isSystem(path) && !isPrivate(realPath(path) ?? path))
  const folders = [
    ...TOOLS.map((name) => join(home, name)),
    ...pathFolders(env.PATH ?? '', isSystem, home, shared),
    ...named.map(({ path }) => path),
  ]
  const caches = named.filter(({ name }) => /CACHE/i.test(name)).map(({ path }) => path)
  // programs of the user listen on sockets in their home folder, also later on
  return folders.flatMap((path) => mountsOf(path, caches.includes(path) || isWithin(path, home) ? 'layer' : 'read'))
}

function cacheFolder(home: string, env: Readonly<Record<string, string>>): string {
  // a relative path does not count, and would lead into the repository
  return isAbsolute(env.XDG_CACHE_HOME ?? '') ? env.XDG_CACHE_HOME! : join(home, '.cache')
}

function cachesOf(home: string, env: Readonly<Record<string, string>>, shared: readonly string[]): readonly Mount[] {
  const known = CACHES.flatMap(({ home: name, variable, parts }) => {
    const folders = variable && env[variable] ? env[variable].split(':') : [join(home, name)]
    return folders.flatMap((folder) => (parts ? parts.map((part) => join(folder, part)) : [folder]))
  })
  return [...known, ...IN_CACHE.map((name) => join(cacheFolder(home, env), name))]
    .filter((path) => isAbsolute(path) && !leadsOut(path, shared))
    .flatMap((path) => mountsOf(path, 'layer'))
}

/**
 * Parts of the git folder that git needs to read commits and the working tree. Not hooks, submodules, fetch records, or repose's own files.
 * In an archive of others they may be links, which then lead anywhere.
 */
const OF_GIT = ['HEAD', 'objects', 'refs', 'packed-refs', 'reftable', 'shallow', 'info']

function ofGit({ dotGit, commonDir, gitDir, alternates }: GitFolders, root: string): readonly Mount[] {
  const configs = [join(commonDir, 'config'), join(commonDir, 'config.worktree'), join(gitDir, 'config.worktree')]
  const parts = [...OF_GIT.map((name) => join(commonDir, name)), ...(dotGit === gitDir ? [join(gitDir, 'index')] : [])]
  const own = dotGit === gitDir ? [] : [gitDir]
  const shown = [...parts.filter(isPartOfGit), ...own, ...alternates.filter(isObjectFolder)]
  return [
    { kind: 'bare', path: realPath(commonDir) ?? commonDir },
    ...shown.flatMap((path) => mountsOf(path)),
    ...configs.flatMap(settingsFile),
    ...(dotGit !== gitDir && isWithin(dotGit, root) ? [{ kind: 'read', path: dotGit } as const] : []),
  ]
}

function hidden(path: string): Mount {
  return { kind: 'hidden', path }
}
