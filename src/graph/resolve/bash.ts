import { joinPath } from './paths.ts'
import { byFolder, guessed, proven, type Resolver } from './resolver.ts'

/** What stands before the path in `source "$(dirname "$0")/lib.sh"` and `. "${ROOT}/lib.sh"`. */
const COMPUTED_FOLDER = /^["']?(?:\$\(.*\)|`.*`|\$\{[^}]*\}|\$\w+)["']?(?=\/)/

/**
 * Bash: a sourced path, from the script's folder, else from the root (proven). A folder that is computed is
 * left off, and what remains looked up in the same two places (by name).
 */
export const bash: Resolver = {
  isConfig: () => false,
  create: (tree) =>
    byFolder((folder, specifier) => {
      const written = specifier.replace(COMPUTED_FOLDER, '.')
      if (written === specifier && specifier.startsWith('/')) return []
      const paths = [joinPath(folder, written), joinPath('', written)]
      const path = paths.find((candidate) => candidate !== null && tree.has(candidate))
      if (!path) return []
      return written === specifier ? proven(path) : guessed(path)
    }),
}
