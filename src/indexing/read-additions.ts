import { cleanMessage } from '../history/clean-message.ts'
import { findReverted } from '../history/find-reverted.ts'
import { type MainlineCommit, readMainline } from '../history/read-mainline.ts'
import { isByBot, workOf } from '../history/work-of.ts'
import { isSource } from '../paths.ts'
import { breather } from '../processes/breathe.ts'
import type { PastAddition } from '../recipes/addition.ts'
import { type IsKnown, kindAdded } from '../recipes/match-recipe.ts'
import { git, splitNul } from '../repo/git.ts'
import { readsLike } from '../request/reads-like.ts'
import { knownBefore } from './known-terms.ts'

export interface ReadAdditions {
  /** Newest first. */
  readonly additions: readonly PastAddition[]
  /** Additions that are left out because this partial clone cannot show what they renamed: one missing content of each. Newest first. */
  readonly missing: readonly string[]
}

const MAX_COMMITS = 5000
const MOST_FILES = 40 // a wider change is a sweep

/**
 * The additions on the mainline of `head`, newest first: commits that read like a feature and changed or created a
 * source file.
 *
 * This takes smaller commits than mineFeatures (three modified source files): "add the x driver" often creates two
 * files and changes one. Recipes of all additions name the changed files as precisely as recipes of tasks alone, for
 * twice as many requests. Starts the git processes of readMainline() and one more.
 */
export async function readAdditions(root: string, head: string, signal?: AbortSignal): Promise<ReadAdditions> {
  const commits = await readMainline(root, head, { maxCommits: MAX_COMMITS, signal })
  const reverted = findReverted(commits)
  const known = knownBefore(commits, splitNul(await git(root, ['ls-tree', '-r', '-z', '--name-only', head])))
  const breathe = breather(signal)
  const seen = new Set<string>()
  const read: { readonly addition: PastAddition; readonly missing: string | null }[] = []
  for (const [at, commit] of commits.entries()) {
    await breathe()
    const addition = reverted.has(commit.hash) ? null : additionOf(commit, known(at))
    if (addition === null) continue
    const work = JSON.stringify([addition.title, addition.modified, addition.created])
    if (seen.has(work)) continue // the same work, by another branch
    seen.add(work)
    read.push({ addition, missing: commit.missing })
  }
  return {
    additions: read.filter(({ missing }) => missing === null).map(({ addition }) => addition),
    missing: read.flatMap(({ missing }) => missing ?? []),
  }
}

function additionOf(commit: MainlineCommit, isKnown: IsKnown): PastAddition | null {
  const { hash, time, parents } = commit
  const message = cleanMessage(commit.subject, commit.body, parents.length > 1)
  if (commit.isCutOff || parents.length === 0 || isByBot(commit)) return null
  if (message === null || readsLike(message.title) !== 'feature') return null
  const { modified, created, isMove } = workOf(commit)
  const files = [...modified, ...created]
  if (files.length > MOST_FILES || isMove) return null
  if (!files.some(isSource)) return null
  return { commit: hash, time, title: message.title, kind: kindAdded(message.title, isKnown), modified, created }
}
