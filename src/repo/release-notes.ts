import type { RepoPath } from '../types.ts'

/** Only texts: in a program or a configuration, indented lines of both sides would be combined without a conflict. */
const TEXTS =
  /^(?:change|history|news|release|whats?-?new)[^/]*\.(?:md|markdown|rst|txt|adoc|asciidoc|org|rdoc|textile)$/i
const WITHOUT_ENDING = /^(?:changes|changelog|history|news|releases|release[-_]notes|whats?-?new)$/i
/** An entry of a list, the continuation of one, or nothing. Headings are none of these. */
const OF_A_LIST = /^(?:[-*+]\s+\S.*|\s+\S.*|\s*)$/

/** Whether a file collects what has changed, as its name says: 'CHANGES.rst', 'docs/changelog.md'. */
export function isReleaseNotes(path: RepoPath): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return TEXTS.test(name) || WITHOUT_ENDING.test(name)
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
