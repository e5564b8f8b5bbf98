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

/** A past commit that added a feature: a task with a known answer. */
export interface PastFeature {
  readonly commit: string
  /** Its first parent: the state before it. */
  readonly base: string
  /** Commit time, seconds since 1970. */
  readonly time: number
  readonly title: string
  readonly body: string
  /** Existing files that it changed, by their paths at `base`. */
  readonly modified: readonly RepoPath[]
  /** The source files among them: these have to be found. */
  readonly modifiedSource: readonly RepoPath[]
  readonly created: readonly RepoPath[]
  readonly deleted: readonly RepoPath[]
}

export interface MinedFeatures {
  /** Newest first. */
  readonly features: readonly PastFeature[]
  /** Number of mainline commits examined. */
  readonly candidates: number
  /** Why the other commits are no tasks, the most frequent reason first. */
  readonly dropped: readonly { readonly reason: string; readonly count: number }[]
}

export interface MineOptions {
  /** A revision. It and all commits that it can see are left out. */
  readonly since?: string
  /** Largest number of features; the search ends there. Default: no limit. */
  readonly limit?: number
  /** Largest number of mainline commits, newest first. Default: 5,000, or 20,000 if these hold fewer features than `limit`. */
  readonly maxCommits?: number
  readonly signal?: AbortSignal
}

/**
 * Number of past features that are replayed with the same recipes. These are mined before the first of them, as an
 * occasional pass would.
 */
export const MINED_EVERY = 10

const MAX_COMMITS = 5000
const MAX_FOR_LIMIT = 20_000 // where few titles are clear, the features reach further back
const FEWEST_SOURCES = 3 // SWE-Features (arXiv 2504.13171, appendix D)
const MOST_MODIFIED = 30 // modified files; a wider change is a sweep, and naming five of its files says nothing
/** Reason to drop a commit at which a shallow clone ends. */
export const CUT_OFF = 'its parent is not in this clone (shallow)'
/** Reason to drop a feature if this clone lacks contents of its files or of the state before it: nothing could be found in them. */
export const NOT_HERE = 'contents of the state before it are not in this clone (partial)'

/**
 * The features on the mainline of `head`, as tasks: the request, the state before it, and the changed files.
 *
 * A feature reads like one, and modifies three or more existing source files, and at most thirty files in all. Every
 * other commit is dropped with a counted reason. Nothing that came after a feature changes its task, but a feature that
 * was reverted later is dropped. Without history there are no features.
 *
 * Starts the git processes of readMainline() and one more, and as many again to look further back; then linear. In a partial clone one more a
 * feature, to see which contents are here; nothing is fetched.
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
  const found = new Map<string, PastFeature>() // by request and changed files
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

/** The request that led to the feature, as far as known: the message of its commit, or its title alone. */
export function requestOf({ title, body }: Pick<PastFeature, 'title' | 'body'>, titleOnly = false): string {
  return titleOnly || !body ? title : `${title}\n\n${body}`
}

/** Throws UserError if missing contents left no feature. */
export function expectContents({ features, dropped }: MinedFeatures): void {
  const count = dropped.find(({ reason }) => reason === NOT_HERE)?.count
  if (features.length > 0 || count === undefined) return
  const many = count === 1 ? 'the one past feature' : `all ${count} past features`
  throw new UserError(`this clone (a partial one) lacks contents from before ${many}`, BRING_CONTENTS, { exitCode: 1 })
}

/** The feature, or the reason why the commit is none. */
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
