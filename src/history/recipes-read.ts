import { kindOfPath } from '../paths.ts'
import { readsLike } from '../reads-like.ts'
import type { RepoPath } from '../types.ts'
import { cleanMessage } from './clean-message.ts'
import { findReverted } from './find-reverted.ts'
import { type MainlineCommit, readMainline } from './read-mainline.ts'

/** A commit of the past that added something, and the files it took. A PastFeature is one. */
export interface PastAddition {
  readonly commit: string
  /** Commit time, seconds since 1970. */
  readonly time: number
  readonly title: string
  readonly modified: readonly RepoPath[]
  readonly created: readonly RepoPath[]
}

const MAX_COMMITS = 5000
const WIDEST = 40 // files: beyond that a change is a sweep
const CHANGED_MUCH = 90 // percent of a renamed file's content that stayed: from here on it was only moved

/**
 * The additions of the mainline of `head`, newest first: commits that read like a feature and took a source file, or several files of which
 * one is source.
 *
 * Smaller than what mineFeatures takes for a task (three modified source files): "add the x driver" often makes two files and
 * changes one. Recipes of all additions name the changed files as precisely as those of tasks alone, for twice as many requests.
 * One git process, see readMainline.
 */
export async function readAdditions(root: string, head: string, signal?: AbortSignal): Promise<PastAddition[]> {
  const commits = await readMainline(root, head, { maxCommits: MAX_COMMITS, ...(signal ? { signal } : {}) })
  const reverted = findReverted(commits)
  return commits.flatMap((commit) => (reverted.has(commit.hash) ? [] : (additionOf(commit) ?? [])))
}

function additionOf(commit: MainlineCommit): PastAddition | null {
  const { hash, time, parents, changes } = commit
  const message = cleanMessage(commit.subject, commit.body, parents.length > 1)
  if (commit.isCutOff || parents.length === 0 || /\[bot\]$/.test(commit.author)) return null
  if (message === null || readsLike(message.title) !== 'feature') return null
  const created = changes.filter(({ kind }) => kind === 'created').map(({ path }) => path)
  const modified = changes
    .filter(({ kind, similarity }) => kind === 'modified' || (kind === 'renamed' && similarity < CHANGED_MUCH))
    .map(({ path }) => path)
  const files = [...modified, ...created]
  const moved = changes.filter(({ kind }) => kind === 'renamed').length
  if (files.length > WIDEST || moved > modified.length) return null
  if (!files.some((path) => kindOfPath(path) === 'source')) return null
  return { commit: hash, time, title: message.title, modified, created }
}
