import { folderOf, joinPath, nearest } from './paths.ts'
import { byFolder, guessed, guessNearest, proven, type Resolved, type Resolver } from './resolver.ts'
import type { Tree } from './tree.ts'

/** Folders that Ruby, RSpec and Minitest put on the load path. A require of one word is looked up only there: 'json' is usually a gem. */
const LOAD_PATH = /(?:^|\/)(?:lib|spec|test|features)$|^$/

/** Ruby: './x' (require_relative) to the file, 'a/b' to 'lib/a/b.rb'; by name to other files with that ending. */
export const ruby: Resolver = {
  isConfig: () => false,
  create: (tree) =>
    byFolder((folder, specifier) => {
      const name = specifier.endsWith('.rb') ? specifier : `${specifier}.rb`
      if (/^\.{1,2}\//.test(name)) {
        const path = joinPath(folder, name)
        return path !== null && tree.has(path) ? proven(path) : []
      }
      return specifier === '' || specifier.startsWith('/') ? [] : required(tree, folder, name)
    }),
}

function required(tree: Tree, folder: string, name: string): readonly Resolved[] {
  const libraries = tree.withSuffix(`lib/${name}`)
  if (libraries.length === 1) return proven(...libraries)
  if (libraries.length > 1) return guessed(...nearest(folder, libraries))
  const files = tree.withSuffix(name)
  return guessNearest(folder, name.includes('/') ? files : files.filter((path) => LOAD_PATH.test(folderOf(path))))
}
