import { groupBy } from '../../groups.ts'
import type { RepoPath } from '../../types.ts'
import { exportTargets } from './export-targets.ts'
import { asStrings, type JsonObject, parseLooseJson } from './loose-json.ts'
import { indexOf, moduleFile, sourceOf } from './module-file.ts'
import { below, folderOf, joinPath, nearest } from './paths.ts'
import { guessed, proven, type Resolved } from './resolver.ts'
import type { Tree } from './tree.ts'

export interface Package {
  readonly folder: string
  readonly json: JsonObject
}

/** Entry fields of a package without `exports`; fields that may name a source come first. */
const ENTRY_FIELDS = ['source', 'svelte', 'module', 'main', 'types', 'typings']

/** The package.json files of a tree, found by folder or by name. */
export class Packages {
  readonly #tree: Tree
  readonly #governing = new Map<string, Package | null>()
  #named: Map<string, Package[]> | undefined
  readonly #called = new Map<string, Package | null>()

  constructor(tree: Tree) {
    this.#tree = tree
  }

  /** The nearest package.json from a folder upwards, or null. The same object for all its folders. */
  governing(folder: string): Package | null {
    let found = this.#governing.get(folder)
    if (found === undefined) {
      const json = parseLooseJson(this.#tree.read(below(folder, 'package.json')))
      found = json ? { folder, json } : folder === '' ? null : this.governing(folderOf(folder))
      this.#governing.set(folder, found)
    }
    return found
  }

  /** The package of that name, nearest to `folder` if there are several; null if it is not in the tree. */
  called(name: string, folder: string): Package | null {
    this.#named ??= this.#byName()
    const all = this.#named.get(name)
    if (!all) return null
    if (all.length === 1) return all[0]!
    const key = `${name}\0${folder}` // thousands of packages may have one name, and imports may name as many of its subpaths
    let found = this.#called.get(key)
    if (found === undefined) {
      found = this.#nearestOf(all, folder)
      this.#called.set(key, found)
    }
    return found
  }

  #nearestOf(all: readonly Package[], folder: string): Package | null {
    const own = this.governing(folder)
    if (own && all.includes(own)) return own
    const [best] = nearest(
      folder,
      all.map((one) => below(one.folder, 'package.json')),
    )
    return all.find((one) => below(one.folder, 'package.json') === best) ?? null
  }

  #byName(): Map<string, Package[]> {
    const packages = this.#tree.named('package.json').flatMap((path) => {
      // A committed node_modules is a fixture: the rest of the repository does not import its 'react'.
      const found = /(?:^|\/)node_modules\//.test(path) ? null : this.governing(folderOf(path))
      // A malformed package.json is skipped in favour of one further up, which is tried itself.
      return found?.folder === folderOf(path) && typeof found.json.name === 'string' ? [found] : []
    })
    return groupBy(packages, ({ json }) => json.name as string)
  }
}

/** The file of a package for a subpath ('' is its entry): through `exports`, its entry fields, or a guess at the source. */
export function packageFile(tree: Tree, pkg: Package, subpath: string): readonly Resolved[] {
  const hasExports = (pkg.json.exports ?? null) !== null
  const found = firstSource(tree, pkg.folder, hasExports ? exported(pkg, subpath) : unexported(pkg, subpath))
  if (found.length > 0) return found
  const index = subpath === '' && !hasExports ? indexOf(tree, pkg.folder) : null
  if (index) return proven(index)
  const guess = sourceGuess(tree, pkg.folder, subpath)
  return guess ? guessed(guess) : []
}

/** The first target that is a source in the tree; else its probable source; else a declaration file. */
export function firstSource(tree: Tree, folder: string, targets: readonly string[]): readonly Resolved[] {
  const paths = targets.flatMap((target) => joinPath(folder, target) ?? []).filter((path) => path !== folder)
  let declaration: RepoPath | null = null
  for (const path of paths) {
    const file = moduleFile(tree, path)
    if (file && !/\.d\.[cm]?ts$/.test(file)) return proven(file)
    declaration ??= file
  }
  for (const path of paths) {
    const source = sourceOf(tree, folder, path)
    if (source) return guessed(source)
  }
  return declaration ? proven(declaration) : []
}

function exported(pkg: Package, subpath: string): readonly string[] {
  return exportTargets(pkg.json.exports, subpath === '' ? '.' : `./${subpath}`)
}

function unexported(pkg: Package, subpath: string): readonly string[] {
  return subpath === '' ? ENTRY_FIELDS.flatMap((field) => asStrings(pkg.json[field])) : [subpath]
}

function sourceGuess(tree: Tree, folder: string, subpath: string): RepoPath | null {
  for (const root of [below(folder, 'src'), folder]) {
    const path = joinPath(root, subpath)
    const file = path === null ? null : path === root ? indexOf(tree, root) : moduleFile(tree, path)
    if (file) return file
  }
  return null
}
