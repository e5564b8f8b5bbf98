import { groupBy } from '../../groups.ts'
import type { RepoPath } from '../../types.ts'
import { below, folderOf, joinPath, nearest, upwards } from './paths.ts'
import { byFolder, proven, type Resolved, type Resolver } from './resolver.ts'
import type { Tree } from './tree.ts'

const LONGEST_LINE = 1000 // characters

/** `module example.com/x`, quoted or not. */
const MODULE = /^[ \t]*module[ \t]+"?([^\s"]+)"?/m
/** `replace old v1.2.3 => ../local`, alone or in a block. Replacements by another module are outside the tree and not matched. */
const REPLACE = /^[ \t]*(?:replace[ \t]+)?"?([^\s"(]+)"?(?:[ \t]+v\S+)?[ \t]+=>[ \t]+"?(\.{1,2}(?:\/[^\s"]*)?)"?/gm

/**
 * Go: resolves an import path to all non-test files of the package's folder, through the tree's go.mod files, the `replace` lines of the
 * importer's own go.mod or go.work, and a vendor folder. Always proven; build tags are ignored.
 */
export const go: Resolver = {
  isConfig: (path) => /(?:^|\/)go\.(?:mod|work)$/.test(path),
  create: (tree) => {
    let modules: Modules | undefined
    const replacedIn = replacements(tree)
    return byFolder((folder, specifier) => {
      if (/^\.\.?(?:\/|$)/.test(specifier)) return packageFiles(tree, joinPath(folder, specifier))
      modules ??= modulesByPath(tree)
      return fromReplaced(tree, replacedIn, folder, specifier) ?? fromModules(tree, modules, folder, specifier)
    })
  },
}

/** Resolution by the folder's own go.mod and go.work; null if they have no entry for this import. */
function fromReplaced(
  tree: Tree,
  replacedIn: (folder: string) => ReadonlyMap<string, string>,
  folder: string,
  specifier: string,
): readonly Resolved[] | null {
  for (const at of upwards(folder)) {
    const replaced = replacedIn(at)
    const prefix = replaced.size > 0 ? prefixes(specifier).find((one) => replaced.has(one)) : undefined
    if (prefix !== undefined) return packageFiles(tree, joinPath(replaced.get(prefix)!, specifier.slice(prefix.length)))
    const vendored = tree.has(below(at, 'go.mod')) ? packageFiles(tree, joinPath(at, `vendor/${specifier}`)) : []
    if (vendored.length > 0) return vendored
  }
  return null
}

/** As in Go, the longest module path that is a prefix of the import wins. Shorter ones are tried if that module has no such package. */
function fromModules(tree: Tree, modules: Modules, folder: string, specifier: string): readonly Resolved[] {
  for (const prefix of prefixes(specifier)) {
    const home = modules.nearest(folder, prefix)
    const found = home === null ? [] : packageFiles(tree, joinPath(folderOf(home), specifier.slice(prefix.length)))
    if (found.length > 0) return found
  }
  return []
}

interface Modules {
  /** The go.mod that declares a module path; of several, the nearest; null: none does. */
  nearest(folder: string, module: string): RepoPath | null
}

function modulesByPath(tree: Tree): Modules {
  const stated = groupBy(tree.named('go.mod'), (file) => MODULE.exec(tree.read(file) ?? '')?.[1])
  const known = new Map<string, RepoPath>() // thousands of go.mod files may state one module, and imports may name as many of its packages
  return {
    nearest(folder, module) {
      const files = stated.get(module)
      if (!files) return null
      const key = `${module}\0${folder}`
      const found = known.get(key) ?? nearest(folder, files)[0]!
      known.set(key, found)
      return found
    },
  }
}

/** Per folder: import path -> folder of this tree that replaces it in the folder's own go.mod or go.work. */
function replacements(tree: Tree): (folder: string) => ReadonlyMap<string, string> {
  const known = new Map<string, ReadonlyMap<string, string>>()
  return (folder) => {
    let replaced = known.get(folder)
    if (!replaced) {
      const texts = ['go.work', 'go.mod'].map((file) => tree.read(below(folder, file)) ?? '')
      const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.length <= LONGEST_LINE)
      const matches = lines.flatMap((line) => [...line.matchAll(REPLACE)])
      // go.work overrides go.mod, so it comes last.
      replaced = new Map(
        matches.reverse().flatMap(([, path, local]) => {
          const target = joinPath(folder, local!)
          return target === null ? [] : [[path!, target]]
        }),
      )
      known.set(folder, replaced)
    }
    return replaced
  }
}

function packageFiles(tree: Tree, folder: string | null): readonly Resolved[] {
  const files = folder === null ? [] : tree.filesIn(folder)
  return proven(...files.filter((path) => path.endsWith('.go') && !path.endsWith('_test.go')))
}

/** 'a/b/c', 'a/b', 'a'. */
function prefixes(specifier: string): readonly string[] {
  return upwards(specifier).slice(0, -1)
}
