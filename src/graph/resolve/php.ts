import type { RepoPath } from '../../types.ts'
import { asObject, asStrings, parseLooseJson } from './loose-json.ts'
import { folderOf, joinPath, nearest } from './paths.ts'
import { byFolder, guessNearest, proven, type Resolved, type Resolver } from './resolver.ts'
import type { Tree } from './tree.ts'

interface Autoload {
  /** 'App\\' as in composer.json; '' matches every class. */
  readonly prefix: string
  readonly folder: string
  /** psr-0 keeps the prefix in the path; psr-4 drops it. */
  readonly keepsPrefix: boolean
}

/**
 * PHP, class name: through the autoload maps of the composer.json files, longest prefix first (proven); else the files whose path ends in
 * the most of its last segments, at least two (by name). Include path ('./x.php', 'lib/x.php'): from the includer's folder, else from the
 * root (proven).
 */
export const php: Resolver = {
  isConfig: (path) => /(?:^|\/)composer\.json$/.test(path),
  create: (tree) => {
    let autoloads: Autoloads | undefined
    return byFolder((folder, specifier) => {
      if (/[/]|\.(?:php|inc|phtml)$/.test(specifier)) return included(tree, folder, specifier)
      const segments = specifier.split(/\\+/).filter((segment) => segment !== '')
      if (segments.length === 0) return []
      autoloads ??= readAutoloads(tree)
      const file = autoloaded(tree, autoloads, folder, segments)
      return file ? proven(file) : byEnding(tree, folder, segments)
    })
  },
}

function included(tree: Tree, folder: string, specifier: string): readonly Resolved[] {
  // `__DIR__ . '/x.php'` is reduced to '/x.php', which is relative to the includer's folder.
  const paths = [joinPath(folder, specifier), joinPath('', specifier)]
  const path = paths.find((candidate) => candidate !== null && tree.has(candidate))
  return path ? proven(path) : []
}

function autoloaded(tree: Tree, autoloads: Autoloads, folder: string, segments: readonly string[]): RepoPath | null {
  const name = segments.join('\\')
  const files = fittingOf(autoloads, name).flatMap((autoload) => {
    const rest = autoload.keepsPrefix ? name.replaceAll('_', '\\') : name.slice(autoload.prefix.length)
    const path = joinPath(autoload.folder, `${rest.replaceAll('\\', '/')}.php`)
    return path !== null && tree.has(path) ? [{ path, prefix: autoload.prefix }] : []
  })
  const best = files.filter(({ prefix }) => prefix.length === files[0]!.prefix.length).map(({ path }) => path)
  return nearest(folder, best)[0] ?? null
}

function byEnding(tree: Tree, folder: string, segments: readonly string[]): readonly Resolved[] {
  const fewest = Math.min(2, segments.length)
  for (let from = 0; segments.length - from >= fewest; from++) {
    const files = tree.withSuffix(`${segments.slice(from).join('/')}.php`)
    if (files.length > 0) return guessNearest(folder, files)
  }
  return []
}

/** Keyed by prefix. Each beginning of a class name is looked up, so the time does not depend on the number of prefixes. */
type Autoloads = ReadonlyMap<string, readonly Autoload[]>

const LONGEST_PREFIX = 500 // characters
/** Folders for one prefix, of all composer.json files together. */
const MOST_FOLDERS = 1000

/** The autoload rules whose prefix begins a class name, the longest prefix first. */
function fittingOf(autoloads: Autoloads, name: string): readonly Autoload[] {
  const found: Autoload[] = []
  for (let length = Math.min(name.length, LONGEST_PREFIX); length >= 0; length--)
    found.push(...(autoloads.get(name.slice(0, length)) ?? []))
  return found
}

function readAutoloads(tree: Tree): Autoloads {
  const found = new Map<string, Autoload[]>()
  for (const path of tree.named('composer.json')) {
    const json = parseLooseJson(tree.read(path))
    for (const section of [json?.autoload, json?.['autoload-dev']]) {
      for (const standard of ['psr-4', 'psr-0']) {
        for (const [prefix, folders] of Object.entries(asObject(asObject(section)?.[standard]) ?? {})) {
          const all = found.get(prefix) ?? []
          found.set(prefix, all)
          for (const written of asStrings(folders)) {
            const folder = all.length < MOST_FOLDERS ? joinPath(folderOf(path), written) : null
            if (folder !== null) all.push({ prefix, folder, keepsPrefix: standard === 'psr-0' })
          }
        }
      }
    }
  }
  return found
}
