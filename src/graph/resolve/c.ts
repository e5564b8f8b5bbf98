import { below, joinPath, upwards } from './paths.ts'
import { byFolder, guessed, guessNearest, proven, type Resolver } from './resolver.ts'

/** Folders that builds put on the include path, beside each folder from the includer's upwards. */
const INCLUDE_ROOTS = ['', 'include', 'src', 'inc']

/**
 * C and C++: an include to the file beside the includer (proven), else by name: below the include roots of the folders
 * upwards, nearest first, else the files that end in it. Include paths of a build are not read.
 */
export const c: Resolver = {
  isConfig: () => false,
  create: (tree) =>
    byFolder((folder, specifier) => {
      const beside = joinPath(folder, specifier)
      if (beside !== null && tree.has(beside)) return proven(beside)
      const path = /^\.{1,2}\//.test(specifier) ? null : joinPath('', specifier)
      if (path === null || path === '') return []
      for (const at of upwards(folder)) {
        for (const root of INCLUDE_ROOTS) {
          const candidate = below(below(at, root), path)
          if (tree.has(candidate)) return guessed(candidate)
        }
      }
      return guessNearest(folder, tree.withSuffix(path))
    }),
}
