import { ruleByName } from '../../src/repo/default-ignores.ts'
import type { RepoPath } from '../../src/types.ts'

const RECORDED =
  /(^|\/)(__snapshots__|snapshots?|cassettes|\.?[\w-]*_?cache)\/|\.(snap|golden|approved\.\w+|verified\.\w+|svg|ipynb|cast)$/i

/** True for what tools write, by its path: lock files, caches, snapshots and recordings of tests. Matches in them tell little. */
export function isWrittenByTool(path: RepoPath): boolean {
  return ruleByName(path) !== null || RECORDED.test(path)
}
