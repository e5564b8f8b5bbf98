import { UserError } from '../errors.ts'
import { isSource } from '../paths.ts'
import { BRING_CONTENTS, isPartialClone } from '../repo/missing-contents.ts'
import { readsLike } from '../request/reads-like.ts'
import type { RepoPath } from '../types.ts'
import { cleanMessage, type Message } from './clean-message.ts'
import { findReverted } from './find-reverted.ts'
import { lackingBases } from './lacking-bases.ts'
import { type MainlineCommit, readMainline } from './read-mainline.ts'
import { isByBot, workOf } from './work-of.ts'

/** A commit of the past that added a feature: a task whose answer is known. */
export interface PastFeature {
  readonly commit: string
  /** The state before it: its first parent. */
  readonly base: string
  /** Commit time, seconds since 1970. */
  readonly time: number
  readonly title: string
  readonly body: string
  /** Existing files that it changed, by their paths at `base`. */
  readonly modified: readonly RepoPath[]
  /** Those of them that are source: what has to be found. */
  readonly modifiedSource: readonly RepoPath[]
  readonly created: readonly RepoPath[]
  readonly deleted: readonly RepoPath[]
}

export interface MinedFeatures {
  /** Newest first. */
  readonly features: readonly PastFeature[]
  /** Commits of the mainline that were looked at. */
  readonly candidates: number
  /** Why the others are no tasks, the most frequent reason first. */
  readonly dropped: readonly { readonly reason: string; readonly count: number }[]
}

export interface MineOptions {
  /** A revision: it and what it can see are left out. */
  readonly since?: string
  /** At most so many features; looking ends there. Default: no limit. */
  readonly limit?: number
  /** At most so many commits of the mainline, newest first. Default: 5,000, and where these hold fewer features than `limit` 20,000. */
  readonly maxCommits?: number
  readonly signal?: AbortSignal
}

/** Past features that are replayed by the same recipes, mined before the first of them: as a pass now and then would. */
export const MINED_EVERY = 10

const MAX_COMMITS = 5000
const MAX_FOR_LIMIT = 20_000 // where few titles tell, as many features are older
const FEWEST_SOURCES = 3 // SWE-Features (arXiv 2504.13171, appendix D)
const MOST_MODIFIED = 30 // modified files; beyond that a change is a sweep, and naming five files of it says nothing
/** Why a commit is dropped at which a shallow clone ends. */
export const CUT_OFF = 'its parent is not in this clone (shallow)'
/** Why a feature is dropped of whose files, or of those before it, this clone lacks contents: nothing could be found in them. */
export const NOT_HERE = 'contents of the state before it are not in this clone (partial)'

/**
 * The features that the mainline of `head` has got, as tasks: what was asked for, the state before it, the files that were changed.
 *
 * A feature modifies three or more existing source files, at most thirty files in all, and reads like a feature. Dropped with
 * a counted reason: everything else. Nothing that came after a feature tells what it asked for or changed; that it was
 * reverted later only takes the task away. No history gives no features. Two git processes, see readMainline, and where they are asked to look further two more; then linear. In a partial clone
 * one more a feature, to see which contents are here: nothing is fetched.
 */
export async function mineFeatures(root: string, head: string, options: MineOptions = {}): Promise<MinedFeatures> {
  const { maxCommits = MAX_COMMITS, limit = 0 } = options
  const mined = await mineWithin(root, head, maxCommits, options)
  const isAll = options.maxCommits !== undefined || mined.candidates < maxCommits || mined.features.length >= limit
  return isAll ? mined : await mineWithin(root, head, MAX_FOR_LIMIT, options)
}

async function mineWithin(
  root: string,
  head: string,
  maxCommits: number,
  options: MineOptions,
): Promise<MinedFeatures> {
  const commits = await readMainline(root, head, { maxCommits, since: options.since, signal: options.signal })
  const reverted = findReverted(commits)
  const found = new Map<string, PastFeature>() // by what was asked for and changed
  const unsure = new Set<string>()
  const dropped = new Map<string, number>()
  const drop = (reason: string) => dropped.set(reason, (dropped.get(reason) ?? 0) + 1)
  let candidates = 0
  for (const commit of commits) {
    if (found.size >= (options.limit ?? Infinity)) break
    candidates++
    const message = cleanMessage(commit.subject, commit.body, commit.parents.length > 1)
    const feature = commit.isCutOff
      ? CUT_OFF
      : message === null
        ? 'merge that names no change'
        : featureOf(commit, message, reverted.has(commit.hash))
    if (typeof feature === 'string') {
      drop(feature)
      continue
    }
    const work = JSON.stringify([feature.title, feature.modified])
    if (found.delete(work)) drop('came before, by another branch')
    found.set(work, feature)
    if (commit.missing !== null) unsure.add(feature.base)
  }
  const read = [...found.values()]
  const mayLack = commits.some(({ missing }) => missing !== null) || (await isPartialClone(root))
  const lacking = mayLack ? await lackingBases(root, read, options.signal) : new Set()
  const features = read.filter(({ base }) => !lacking.has(base) && !unsure.has(base))
  if (features.length < read.length) dropped.set(NOT_HERE, read.length - features.length)
  return {
    features,
    candidates,
    dropped: [...dropped].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
  }
}

/** What the feature's author might have asked for: the message of its commit, or its title alone. */
export function requestOf({ title, body }: Pick<PastFeature, 'title' | 'body'>, titleOnly = false): string {
  return titleOnly || !body ? title : `${title}\n\n${body}`
}

/** Throws UserError where features were dropped for want of contents, and none is left. */
export function expectContents({ features, dropped }: MinedFeatures): void {
  const count = dropped.find(({ reason }) => reason === NOT_HERE)?.count
  if (features.length > 0 || count === undefined) return
  const many = count === 1 ? 'the one past feature' : `all ${count} past features`
  throw new UserError(`this clone (a partial one) lacks contents from before ${many}`, BRING_CONTENTS, { exitCode: 1 })
}

/** The feature, or why the commit is none. */
function featureOf(commit: MainlineCommit, { title, body }: Message, isReverted: boolean): PastFeature | string {
  const [base] = commit.parents
  if (base === undefined) return 'first commit'
  if (isByBot(commit)) return 'made by a bot'
  const reading = readsLike(title)
  if (reading === 'unclear') return 'does not read like a feature'
  if (reading !== 'feature') return REASONS[reading]
  if (isReverted) return 'reverted later'
  const { modified, created, deleted, isMove } = workOf(commit)
  const modifiedSource = modified.filter(isSource)
  if (isMove) return 'mostly renames'
  if (modifiedSource.length < FEWEST_SOURCES) return 'modifies fewer than 3 source files'
  if (modified.length > MOST_MODIFIED) return 'modifies more than 30 files'
  return { commit: commit.hash, base, time: commit.time, title, body, modified, modifiedSource, created, deleted }
}

const REASONS = {
  fix: 'reads like a fix',
  documentation: 'reads like documentation',
  tests: 'reads like tests',
  refactoring: 'reads like a refactoring',
  'speed-up': 'reads like a speed-up',
  formatting: 'reads like formatting',
  chore: 'reads like a chore',
  translation: 'reads like a translation',
  dependencies: 'dependency update',
  release: 'version bump or release',
  revert: 'revert',
  removal: 'reads like a removal',
} as const
