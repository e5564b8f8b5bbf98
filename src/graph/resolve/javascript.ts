import { isBuiltin } from 'node:module'
import type { RepoPath } from '../../types.ts'
import { exportTargets } from './export-targets.ts'
import { fileOf, indexOf, moduleFile, sourceOf } from './module-file.ts'
import { firstSource, Packages, packageFile } from './packages.ts'
import { below, joinPath } from './paths.ts'
import { byFolder, guessed, proven, type Resolved, type Resolver } from './resolver.ts'
import type { Tree } from './tree.ts'
import { mappedPaths, pathMappings } from './tsconfig.ts'

/** package.json, and any JSON file that may be a tsconfig or a base of one ('tsconfig.base.json', 'tsconfig/base.json'). */
const CONFIG = /(?:^|\/)package\.json$|[jt]sconfig(?:[^/]*|\/.*)\.json$/

/**
 * Conventional prefixes of project templates that no tsconfig declares: Vite and Nuxt '@/' and '~/', SvelteKit '$lib/'. Relative to the
 * package's folder.
 */
const CUSTOMARY: readonly (readonly [prefix: string, folders: readonly string[]])[] = [
  ['@/', ['src', '']],
  ['~/', ['src', 'app', '']],
  ['$lib/', ['src/lib']],
]

/**
 * JavaScript and TypeScript: the rules on which TypeScript's "bundler" resolution and Node agree, for files of the tree: relative paths,
 * tsconfig `paths` and `baseUrl`, package.json `imports`, packages of the same repository. Proven by a configuration or the path itself; by
 * name if a compiled file outside the tree was traced to its source.
 */
export const javascript: Resolver = {
  isConfig: (path) => CONFIG.test(path),
  create: (tree) => {
    const packages = new Packages(tree)
    const mappingOf = pathMappings(tree)

    return byFolder((folder, written) => {
      const specifier = withoutQuery(tree, folder, written)
      if (/^\.\.?(?:\/|$)/.test(specifier)) return relativeFile(tree, packages, folder, specifier)
      if (specifier === '' || specifier.startsWith('/') || isBuiltin(specifier)) return []
      const mapping = mappingOf(folder)
      const mapped = mapping ? mappedPaths(mapping, specifier) : []
      for (const path of mapped) {
        const file = moduleFile(tree, path)
        if (file) return proven(file)
      }
      const found = specifier.startsWith('#')
        ? importsEntry(tree, packages, folder, specifier)
        : fromPackage(tree, packages, folder, specifier)
      if (found.length > 0) return found
      const root = packages.governing(folder)?.folder ?? ''
      return firstGuess([
        ...mapped.map((path) => sourceOf(tree, root, path)),
        ...customaryPaths(root, specifier).map((path) => moduleFile(tree, path)),
      ])
    })
  },
}

/** './icon.svg?raw' -> './icon.svg', unless a file has the full name. */
function withoutQuery(tree: Tree, folder: string, specifier: string): string {
  const query = specifier.indexOf('?')
  return query < 0 || tree.has(joinPath(folder, specifier) ?? '') ? specifier : specifier.slice(0, query)
}

function relativeFile(tree: Tree, packages: Packages, folder: string, specifier: string): readonly Resolved[] {
  const path = joinPath(folder, specifier)
  if (path === null) return []
  // './' and '..' name a folder, even if a file 'lib.ts' exists beside the folder 'lib'.
  const file = /(?:^|\/)\.{0,2}$/.test(specifier) ? null : fileOf(tree, path)
  if (file) return proven(file)
  const pkg = packages.governing(path)
  // A package's own tests require('..') it. Node ignores `exports` then, but it still names the entry.
  const entry = pkg?.folder === path ? packageFile(tree, pkg, '') : []
  if (entry.length > 0) return entry
  const index = indexOf(tree, path)
  return index ? proven(index) : firstGuess([sourceOf(tree, packages.governing(folder)?.folder ?? '', path)])
}

/** `imports` of the governing package.json: '#internal/x'. A target that is not relative is another package. */
function importsEntry(tree: Tree, packages: Packages, folder: string, specifier: string): readonly Resolved[] {
  const pkg = packages.governing(folder)
  if (!pkg) return []
  const targets = exportTargets(pkg.json.imports, specifier)
  const own = targets.filter((target) => target.startsWith('.'))
  const found = firstSource(tree, pkg.folder, own)
  if (found.length > 0) return found
  for (const target of targets) {
    const other = /^[.#]/.test(target) ? [] : fromPackage(tree, packages, pkg.folder, target)
    if (other.length > 0) return other
  }
  return []
}

function fromPackage(tree: Tree, packages: Packages, folder: string, specifier: string): readonly Resolved[] {
  const [, name, subpath = ''] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(specifier) ?? []
  const pkg = name === undefined ? null : packages.called(name, folder)
  return pkg ? packageFile(tree, pkg, subpath) : []
}

function customaryPaths(root: string, specifier: string): readonly string[] {
  return CUSTOMARY.flatMap(([prefix, folders]) =>
    specifier.startsWith(prefix)
      ? folders.flatMap((folder) => joinPath(below(root, folder), specifier.slice(prefix.length)) ?? [])
      : [],
  )
}

function firstGuess(files: readonly (RepoPath | null)[]): readonly Resolved[] {
  const file = files.find((candidate) => candidate !== null)
  return file ? guessed(file) : []
}
