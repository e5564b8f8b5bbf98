import type { RecentCommit } from '../../src/backlog/evidence/evidence.ts'
import { cleanMessage } from '../../src/history/clean-message.ts'
import { readMainline } from '../../src/history/read-mainline.ts'
import { isByBot } from '../../src/history/work-of.ts'

/** The newest commits of the mainline that people made, newest first, without merges that only name a branch. */
export async function recentCommits(
  root: string,
  head: string,
  { most, since }: { readonly most: number; readonly since?: string },
): Promise<(RecentCommit & { readonly time: number })[]> {
  const commits = await readMainline(root, head, { maxCommits: most, since })
  return commits.flatMap((commit) => {
    const { hash, time, changes, parents, isCutOff } = commit
    const message = isCutOff || isByBot(commit) ? null : cleanMessage(commit.subject, commit.body, parents.length > 1)
    if (!message || parents.length === 0) return []
    return [
      {
        ...{ hash, time, subject: message.title, body: message.body },
        added: changes.filter(({ kind }) => kind === 'created').map(({ path }) => path),
        changed: changes.map(({ path, renamedTo }) => renamedTo ?? path),
      },
    ]
  })
}
