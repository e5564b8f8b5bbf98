import type { RepoPath } from '../../types.ts'
import { mostSpecific, starMatch } from './export-targets.ts'
import { asObject, asStrings, type JsonObject, parseLooseJson } from './loose-json.ts'
import { below, folderOf, joinPath } from './paths.ts'
import type { Tree } from './tree.ts'

/** What a tsconfig.json or jsconfig.json says about names that are not relative. All folders are from the root. */
export interface PathMapping {
  /** Where a bare name may start; null without `baseUrl`. */
  readonly baseUrl: string | null
  /** Pattern -> targets as written. */
  readonly paths: JsonObject
  /** What the targets are relative to where there is no baseUrl: the folder of the file that states them. */
  readonly pathsFolder: string
  /** What '${configDir}' stands for in them: the folder of the file that starts the `extends` chain. */
  readonly configFolder: string
}

/** Longer chains of `extends` are a mistake, or a cycle. */
const EXTENDS_LIMIT = 16
const CONFIG_DIR = '$' + '{configDir}'

/** The mapping that holds in a folder: of the nearest tsconfig.json, else jsconfig.json, upwards, with what it extends. Remembered per folder. */
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

/** Paths that the mapping gives for a name, best first; whether they exist is not looked at. */
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

/** What a file says, with what it extends. */
interface Stated extends Pick<PathMapping, 'paths' | 'pathsFolder'> {
  readonly baseUrl: { readonly folder: string; readonly written: string } | null
}

/** known: of each file, which is read once, however many extend it; null while it is read. */
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

/** Relative ones only: what comes from a package says nothing about this tree's folders. '' when there is no such file. */
function extendedPath(tree: Tree, folder: string, base: string): RepoPath {
  const path = /^\.\.?(?:\/|$)/.test(base) ? joinPath(folder, base) : null
  if (path === null) return ''
  return [path, `${path}.json`, below(path, 'tsconfig.json')].find((candidate) => tree.has(candidate)) ?? ''
}
