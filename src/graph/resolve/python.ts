import type { RepoPath } from '../../types.ts'
import { below, folderOf, nearest } from './paths.ts'
import { isStandardModule } from './python-standard-modules.ts'
import { byFolder, guessed, proven, type Resolved, type Resolver } from './resolver.ts'
import type { Tree } from './tree.ts'

/**
 * Python: dotted names to module files and packages (`__init__.py`). A name that is not a module gives nothing, since the parser lists both
 * 'a.b' and 'a.b.c' for `from a.b import c`. Proven if relative, if found in the importer's own import root, or if found in exactly one
 * other root; by name if several roots have it.
 */
export const python: Resolver = {
  isConfig: () => false,
  create: (tree) => {
    const ownRoot = ownRoots(tree)
    const rootsWith = rootsByModule(tree)

    return byFolder((folder, specifier) => {
      const [, dots = '', name = ''] = /^(\.*)(.*)$/s.exec(specifier)!
      const segments = name === '' ? [] : name.split('.')
      if (!segments.every((segment) => /^[^\s/]+$/.test(segment))) return []
      if (dots !== '') return relativeModule(tree, folder, dots.length, segments)
      if (segments.length === 0 || isStandardModule(specifier)) return []
      const own = moduleIn(tree, ownRoot(folder), segments)
      if (own) return proven(own)
      const files = rootsWith(segments[0]!).flatMap((root) => moduleIn(tree, root, segments) ?? [])
      return files.length === 1 ? proven(...files) : guessed(...nearest(folder, files))
    })
  },
}

function relativeModule(tree: Tree, folder: string, dots: number, segments: readonly string[]): readonly Resolved[] {
  let base = folder
  for (let level = 1; level < dots; level++) {
    if (base === '') return []
    base = folderOf(base)
  }
  const file = moduleIn(tree, base, segments)
  return file ? proven(file) : []
}

/** A package precedes a module of the same name, as in Python; stubs come last. No segments: the package `root` itself. */
function moduleIn(tree: Tree, root: string, segments: readonly string[]): RepoPath | null {
  const path = below(root, segments.join('/'))
  const init = below(path, '__init__')
  const stems = segments.length > 0 ? [init, path] : [init]
  for (const extension of ['.py', '.pyi']) {
    for (const stem of stems) if (tree.has(stem + extension)) return stem + extension
  }
  return null
}

/** The folder that `python file.py` and pytest put first on sys.path: the nearest folder upwards that is not a package. */
function ownRoots(tree: Tree): (folder: string) => string {
  const known = new Map<string, string>()
  const at = (folder: string): string => {
    let root = known.get(folder)
    if (root === undefined) {
      root = folder !== '' && isPackage(tree, folder) ? at(folderOf(folder)) : folder
      known.set(folder, root)
    }
    return root
  }
  return at
}

/**
 * Import roots with a top-level module or folder of that name: the root of the tree, 'src' folders, projects (beside pyproject.toml,
 * setup.py or setup.cfg), and folders that contain a package but are none.
 */
function rootsByModule(tree: Tree): (name: string) => readonly string[] {
  const known = new Map<string, readonly string[]>()
  return (name) => {
    let roots = known.get(name)
    if (!roots) {
      const folders = tree.foldersWithSuffix(name)
      const modules = [...tree.named(`${name}.py`), ...tree.named(`${name}.pyi`)]
      const beside = [...folders, ...modules].map(folderOf).filter((root) => isProjectRoot(tree, root))
      const packages = folders.filter((folder) => isPackage(tree, folder)).map(folderOf)
      roots = [...new Set([...beside, ...packages.filter((root) => !isPackage(tree, root))])].sort()
      known.set(name, roots)
    }
    return roots
  }
}

function isPackage(tree: Tree, folder: string): boolean {
  const init = below(folder, '__init__.py')
  return tree.has(init) || tree.has(`${init}i`)
}

function isProjectRoot(tree: Tree, folder: string): boolean {
  if (folder === '' || folder === 'src' || folder.endsWith('/src')) return true
  return ['pyproject.toml', 'setup.py', 'setup.cfg'].some((file) => tree.has(below(folder, file)))
}
