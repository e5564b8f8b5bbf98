import { below, joinPath, upwards } from './paths.ts'
import { byFolder, guessed, guessNearest, proven, type Resolver } from './resolver.ts'

/** Folders that builds put on the include path, below each folder from the includer's upwards. */
const INCLUDE_ROOTS = ['', 'include', 'src', 'inc']

/**
 * C and C++: the file beside the includer (proven); else by name: the nearest file below an include root, from the includer's folder
 * upwards; else files whose path ends in the include. A build's include paths are not read.
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
