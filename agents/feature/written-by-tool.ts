import { languageOfPath } from '../../src/parse/languages/index.ts'
import { ruleByName } from '../../src/repo/default-ignores.ts'
import type { RepoPath } from '../../src/types.ts'

const RECORDED =
  /(^|\/)(__snapshots__|cassettes|__pycache__|\.[\w-]*cache)\/|\.(snap|golden|approved\.\w+|verified\.\w+|svg|ipynb|cast)$/i
const MAYBE_RECORDED = /(^|\/)(snapshots?|[\w-]*cache)\//i // people write code in folders of these names, too

/** True for paths of generated files: lock files, caches, test snapshots and recordings. Matches in them carry little information. */
export function isWrittenByTool(path: RepoPath): boolean {
  return (
    ruleByName(path) !== null ||
    RECORDED.test(path) ||
    (MAYBE_RECORDED.test(path) && languageOfPath(path) === null && !/\.(md|mdx|rst|adoc)$/i.test(path))
  )
}
