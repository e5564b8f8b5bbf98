import type { RepoPath } from '../types.ts'

const NAMES = /^(change|history|news|release|whats?-?new)[^/]*$/i
/** An entry of a list, the continuation of one, or nothing. Headings are none of these. */
const OF_A_LIST = /^(?:[-*+]\s+\S.*|\s+\S.*|\s*)$/

/** Whether a file collects what has changed, as its name says: 'CHANGES.rst', 'docs/changelog.md'. */
export function isReleaseNotes(path: RepoPath): boolean {
  return NAMES.test(path.slice(path.lastIndexOf('/') + 1))
}

/** Whether all that changed is that entries were added to lists: no line went, and no heading came. Linear in the lines. */
export function addsEntries(before: string, after: string): boolean {
  if (`${before}${after}`.includes('\uFFFD')) return false // not UTF-8
  const old = before.split('\n')
  let at = 0
  for (const line of after.split('\n')) {
    if (line === old[at]) at++
    else if (!OF_A_LIST.test(line)) return false
  }
  return at === old.length
}
