import type { MainlineCommit } from './read-mainline.ts'

/**
 * The commits that a later commit of the list took back, by hash. A revert that was itself reverted takes nothing back.
 *
 * commits: newest first. Known by the hash that git writes into the message, and by the quoted title that git and the forges write
 * (of the newest such commit before it). Linear.
 */
export function findReverted(commits: readonly MainlineCommit[]): Set<string> {
  const hashes: string[] = []
  const titles = new Set<string>()
  const reverted = new Set<string>()
  for (const commit of commits) {
    const text = `${commit.subject}\n${commit.body}`
    const title = titleOf(commit)
    const isReverted = hashes.some((hash) => commit.hash.startsWith(hash)) || titles.delete(title)
    if (isReverted) {
      titles.delete(title)
      reverted.add(commit.hash)
      continue
    }
    for (const [, hash] of text.matchAll(/This reverts commit ([0-9a-f]{7,64})/g)) hashes.push(hash!)
    const quoted = /^Revert "(.+)"$/.exec(title)?.[1]
    if (quoted) titles.add(withoutNumber(quoted))
  }
  return reverted
}

function titleOf({ subject, body }: MainlineCommit): string {
  return withoutNumber(/^Merge pull request #\d+ /.test(subject) ? body.split('\n')[0]! : subject)
}

function withoutNumber(title: string): string {
  return title.replace(/\s*\(#\d+\)(?="*$)/g, '').trim()
}
