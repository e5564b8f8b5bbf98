import { joinPath } from './paths.ts'
import { byFolder, guessed, guessNearest, proven, type Resolver } from './resolver.ts'

/** Computed folders before the path in `source "$(dirname "$0")/lib.sh"` and `. "$ROOT/${LIB}/lib.sh"`, after quotes are removed. */
const COMPUTED_FOLDERS = /^(?:(?:\$\(.*\)|`.*`|\$\{[^}]*\}|\$\w+)\/)+/

/**
 * Bash: a sourced path, relative to the script's folder, else to the root (proven). Computed folders are removed; the rest is looked up in
 * the same two places, then as the end of a path (by name).
 */
export const bash: Resolver = {
  isConfig: () => false,
  create: (tree) =>
    byFolder((folder, specifier) => {
      const written = specifier.replace(/["']/g, '')
      const rest = written.replace(COMPUTED_FOLDERS, '')
      if (rest.startsWith('/')) return []
      const isComputed = rest !== written
      const paths = [joinPath(folder, rest), joinPath('', rest)]
      const path = paths.find((candidate) => candidate !== null && tree.has(candidate))
      if (path) return isComputed ? guessed(path) : proven(path)
      return isComputed ? guessNearest(folder, tree.withSuffix(rest)) : []
    }),
}
