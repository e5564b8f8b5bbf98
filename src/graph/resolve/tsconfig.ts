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
  const at = (folder: string): PathMapping | null => {
    let mapping = known.get(folder)
    if (mapping === undefined) {
      mapping =
        readMapping(tree, below(folder, 'tsconfig.json'), folder, 0) ??
        readMapping(tree, below(folder, 'jsconfig.json'), folder, 0)
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
  const pattern = Object.hasOwn(paths, specifier)
    ? specifier
    : mostSpecific(Object.keys(paths).filter((name) => starMatch(name, specifier) !== null))
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

function readMapping(tree: Tree, path: RepoPath, configFolder: string, depth: number): PathMapping | null {
  const json = depth < EXTENDS_LIMIT ? parseLooseJson(tree.read(path)) : null
  if (!json) return null
  const folder = folderOf(path)
  let baseUrl: string | null = null
  let paths: JsonObject = {}
  let pathsFolder = folder
  for (const base of asStrings(json.extends)) {
    const inherited = readMapping(tree, extendedPath(tree, folder, base), configFolder, depth + 1)
    if (!inherited) continue
    baseUrl = inherited.baseUrl ?? baseUrl
    if (Object.keys(inherited.paths).length > 0) ({ paths, pathsFolder } = inherited)
  }
  const options = asObject(json.compilerOptions) ?? {}
  if (typeof options.baseUrl === 'string') baseUrl = joinWritten(folder, configFolder, options.baseUrl)
  const own = asObject(options.paths)
  return { baseUrl, paths: own ?? paths, pathsFolder: own ? folder : pathsFolder, configFolder }
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
