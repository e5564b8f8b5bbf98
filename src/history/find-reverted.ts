import { groupBy } from '../groups.ts'
import type { MainlineCommit } from './read-mainline.ts'

/**
 * The commits that a later commit of the list took back, by hash. A revert that was itself reverted takes nothing back.
 *
 * commits: newest first. Known by the hash that git writes into the message, where the list holds it, else by the quoted title that git and the
 * forges write (of the newest such commit before it): 'Revert "X"', and 'Reapply "X"', which takes back 'Revert "X"'. Linear.
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

/** The title of what a commit of this title takes back, or null. */
function quotedIn(title: string): string | null {
  const [, verb, quoted] = /^(Revert|Reapply) "(.+)"$/.exec(title) ?? []
  if (quoted === undefined) return null
  return verb === 'Revert' ? quoted : `Revert "${quoted}"`
}

function titleOf({ subject, body }: MainlineCommit): string {
  return withoutNumbers(/^Merge pull request #\d+ /.test(subject) ? body.split('\n', 1)[0]! : subject)
}

/** Those at the end, also of what is quoted: 'Revert "Add csv (#7)" (#8)'. */
function withoutNumbers(title: string): string {
  return title.replace(/(?<!\s)\s*\(#\d+\)(?=(["\s]|\(#\d+\))*$)/g, '').trim()
}
