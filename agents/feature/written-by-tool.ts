import { ruleByName } from '../../src/repo/default-ignores.ts'
import type { RepoPath } from '../../src/types.ts'

const RECORDED =
  /(^|\/)(__snapshots__|snapshots?|cassettes|\.?[\w-]*_?cache)\/|\.(snap|golden|approved\.\w+|verified\.\w+|svg|ipynb|cast)$/i

/** True for paths of generated files: lock files, caches, test snapshots and recordings. Matches in them carry little information. */
export function isWrittenByTool(path: RepoPath): boolean {
  return ruleByName(path) !== null || RECORDED.test(path)
}
