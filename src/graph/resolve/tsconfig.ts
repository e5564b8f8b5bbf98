import type { RepoPath } from '../../types.ts'
import { mostSpecific, starMatch } from './export-targets.ts'
import { asObject, asStrings, type JsonObject, parseLooseJson } from './loose-json.ts'
import { below, folderOf, joinPath } from './paths.ts'
import type { Tree } from './tree.ts'

/** Settings of a tsconfig.json or jsconfig.json for names that are not relative. All folders are relative to the root. */
export interface PathMapping {
  /** Base folder of bare names; null without `baseUrl`. */
  readonly baseUrl: string | null
  /** Pattern -> targets as written. */
  readonly paths: JsonObject
  /** Base folder of the targets if there is no baseUrl: that of the file with `paths`. */
  readonly pathsFolder: string
  /** Value of '${configDir}' in the targets: the folder of the file that starts the `extends` chain. */
  readonly configFolder: string
}

/** A longer chain of `extends` is a mistake or a cycle. */
const EXTENDS_LIMIT = 16
const CONFIG_DIR = '$' + '{configDir}'

/** The mapping of a folder: from the nearest tsconfig.json, else jsconfig.json, upwards, with its `extends` chain. Cached per folder. */
export function pathMappings(tree: Tree): (folder: string) => PathMapping | null {
  const known = new Map<string, PathMapping | null>()
  const read = new Map<RepoPath, Stated | null>()
  const mappingIn = (folder: string, name: string) => {
    const stated = readStated(tree, read, below(folder, name), 0)
    if (!stated) return null
    const { baseUrl, ...rest } = stated
    return { ...rest, baseUrl: baseUrl && joinWritten(baseUrl.folder, folder, baseUrl.written), configFolder: folder }
  }
  const at = (folder: string): PathMapping | null => {
    let mapping = known.get(folder)
    if (mapping === undefined) {
      mapping = mappingIn(folder, 'tsconfig.json') ?? mappingIn(folder, 'jsconfig.json')
      mapping ??= folder === '' ? null : at(folderOf(folder))
      known.set(folder, mapping)
    }
    return mapping
  }
  return at
}

/** Paths that the mapping gives for a name, best first; they may not exist. */
export function mappedPaths(mapping: PathMapping, specifier: string): readonly string[] {
  const { baseUrl, paths, pathsFolder, configFolder } = mapping
  const pattern = Object.hasOwn(paths, specifier) ? specifier : mostSpecific(paths, specifier)
  const star = (pattern !== null && starMatch(pattern, specifier)) || ''
  const targets = pattern === null ? [] : asStrings(paths[pattern])
  const mapped = targets.map((target) =>
    joinWritten(
      baseUrl ?? pathsFolder,
      configFolder,
      target.replace('*', () => star),
    ),
  )
  const fromBase = baseUrl === null ? null : joinPath(baseUrl, specifier)
  return [...mapped, fromBase].filter((path) => path !== null)
}

/** The settings of a file, with those that it extends. */
interface Stated extends Pick<PathMapping, 'paths' | 'pathsFolder'> {
  readonly baseUrl: { readonly folder: string; readonly written: string } | null
}

/** known: the settings of files that were read already; null while a file is being read. */
function readStated(tree: Tree, known: Map<RepoPath, Stated | null>, path: RepoPath, depth: number): Stated | null {
  const before = known.get(path)
  if (before !== undefined) return before
  const json = depth < EXTENDS_LIMIT ? parseLooseJson(tree.read(path)) : null
  if (!json) return null
  known.set(path, null)
  const folder = folderOf(path)
  let baseUrl: Stated['baseUrl'] = null
  let paths: JsonObject = {}
  let pathsFolder = folder
  for (const base of asStrings(json.extends)) {
    const inherited = readStated(tree, known, extendedPath(tree, folder, base), depth + 1)
    if (!inherited) continue
    baseUrl = inherited.baseUrl ?? baseUrl
    if (Object.keys(inherited.paths).length > 0) ({ paths, pathsFolder } = inherited)
  }
  const options = asObject(json.compilerOptions) ?? {}
  if (typeof options.baseUrl === 'string') baseUrl = { folder, written: options.baseUrl }
  const own = asObject(options.paths)
  const stated = { baseUrl, paths: own ?? paths, pathsFolder: own ? folder : pathsFolder }
  known.set(path, stated)
  return stated
}

function joinWritten(folder: string, configFolder: string, written: string): string | null {
  return written.startsWith(CONFIG_DIR)
    ? joinPath(configFolder, written.slice(CONFIG_DIR.length))
    : joinPath(folder, written)
}

/** Only relative bases: a base from a package says nothing about this tree's folders. '' if there is no such file. */
function extendedPath(tree: Tree, folder: string, base: string): RepoPath {
  const path = /^\.\.?(?:\/|$)/.test(base) ? joinPath(folder, base) : null
  if (path === null) return ''
  return [path, `${path}.json`, below(path, 'tsconfig.json')].find((candidate) => tree.has(candidate)) ?? ''
}
