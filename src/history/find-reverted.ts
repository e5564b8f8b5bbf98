import { groupBy } from '../groups.ts'
import type { MainlineCommit } from './read-mainline.ts'

/**
 * Hashes of the commits that a later commit of the list reverted. A revert that was itself reverted counts for nothing.
 *
 * A revert is matched by the hash that git writes into its message. If the list does not hold that hash, it is matched
 * by the title that git and the forges quote, with the newest such commit before it: 'Revert "X"', and 'Reapply "X"',
 * which reverts 'Revert "X"'. commits: newest first. Linear.
 */
export function findReverted(commits: readonly MainlineCommit[]): Set<string> {
  const byStart = groupBy(
    commits.map(({ hash }) => hash),
    (hash) => hash.slice(0, SHORTEST),
  )
  const titles = new Set<string>()
  const reverted = new Set<string>()
  for (const commit of commits) {
    const title = titleOf(commit)
    if (reverted.has(commit.hash) || titles.delete(title)) {
      reverted.add(commit.hash)
      continue
    }
    const named = [...`${commit.subject}\n${commit.body}`.matchAll(BY_HASH)].flatMap(
      ([, hash]) => byStart.get(hash!.slice(0, SHORTEST))?.filter((one) => one.startsWith(hash!)) ?? [],
    )
    for (const hash of named) reverted.add(hash)
    const quoted = named.length === 0 ? quotedIn(title) : null
    if (quoted !== null) titles.add(quoted)
  }
  return reverted
}

const SHORTEST = 7 // digits of a hash
const BY_HASH = /This reverts commit ([0-9a-f]{7,64})/g

/** The title of the commit that a commit of this title reverts; null: none. */
function quotedIn(title: string): string | null {
  const [, verb, quoted] = /^(Revert|Reapply) "(.+)"$/.exec(title) ?? []
  if (quoted === undefined) return null
  return verb === 'Revert' ? quoted : `Revert "${quoted}"`
}

function titleOf({ subject, body }: MainlineCommit): string {
  return withoutNumbers(/^Merge pull request #\d+ /.test(subject) ? body.split('\n', 1)[0]! : subject)
}

/** Removes issue numbers at the end, also of a quoted title: 'Revert "Add csv (#7)" (#8)'. */
function withoutNumbers(title: string): string {
  return title.replace(/(?<!\s)\s*\(#\d+\)(?=(["\s]|\(#\d+\))*$)/g, '').trim()
}
