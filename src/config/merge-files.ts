import type * as z from 'zod'
import { DEFAULTS } from './defaults.ts'
import type { REPOSITORY_CONFIG, USER_CONFIG } from './schema.ts'

type User = z.output<typeof USER_CONFIG>
type Repository = z.output<typeof REPOSITORY_CONFIG>

/** A parsed configuration file, without defaults for keys that it does not set. */
export type UserFile = Said<User>
export type RepositoryFile = Said<Repository>
type Said<T> = { readonly [Key in keyof T]?: T[Key] extends readonly unknown[] ? T[Key] : Said<T[Key]> }

/**
 * How a key is merged when both the user and a repository set it.
 *
 * least: a limit. The smallest value counts; the default takes part only if the user sets none. user: only the user may set it; in a
 * repository's file it is an error. trusted: the user's value; without one, the repository's, which is returned separately because it
 * counts only after the user trusts it. both: both count and are returned separately. ignored: for other programs, such as editors.
 */
type Merge = 'least' | 'user' | 'trusted' | 'both' | 'ignored'

/**
 * The compiler requires a row for every key. A number that a repository may set is a limit; a key that it may not set belongs to the user.
 */
type MergeTable<User, Repository> = {
  readonly [Key in keyof User]-?: Key extends keyof Repository
    ? MergeOf<NonNullable<User[Key]>, NonNullable<Repository[Key]>>
    : 'user'
}
type MergeOf<User, Repository> = [Repository] extends [number]
  ? 'least'
  : [Repository] extends [Readonly<Record<string, unknown>>]
    ? MergeTable<User, Repository>
    : Exclude<Merge, 'least' | 'user'>

const MERGE: MergeTable<User, Repository> = {
  $schema: 'ignored',
  packTokens: 'least',
  checks: {
    commands: 'trusted',
    network: 'user',
    uncaged: 'user',
    readable: 'user',
    env: 'user',
    memoryMb: 'user',
    processes: 'user',
  },
  checkTimeoutMs: 'least',
  include: 'both',
  exclude: 'both',
  maxFileBytes: 'least',
  maxCommits: 'least',
  sleep: { budgetTokens: 'least', maxUsd: 'least', concurrency: 'least' },
  model: 'user',
  sleepModel: 'user',
  baseUrl: 'user',
  timeoutMs: 'user',
  stream: 'user',
  serviceTier: 'user',
  watch: 'user',
  caps: 'user',
  backlog: 'user',
  store: 'user',
  prices: 'user',
  repositories: 'user',
}

/** A limit that is in force, and where it comes from. */
export interface Limit {
  /** 'sleep.budgetTokens'. */
  readonly key: string
  /** null: none is set. */
  readonly value: number | null
  readonly from: 'default' | 'user' | 'repository'
  /** The repository's value if it is larger and therefore ignored; else null. */
  readonly passedOver: number | null
}

export interface MergedFiles {
  /** The user's settings, with each limit that the repository lowers. Without defaults. */
  readonly config: UserFile
  readonly limits: readonly Limit[]
  /** The repository's checks, which count only after the user trusts them; null: none. */
  readonly repositoryChecks: readonly string[] | null
}

/** Merges both files. A repository may lower a limit of the user or a default that the user did not set. It can raise none. */
export function mergeFiles(user: UserFile, repository: RepositoryFile): MergedFiles {
  const { section, limits } = mergeSection(MERGE as unknown as Table, '', user, repository, DEFAULTS)
  const commands = repository.checks?.commands ?? []
  const isOwn = user.checks?.commands !== undefined || commands.length === 0
  return { config: section, limits, repositoryChecks: isOwn ? null : commands }
}

type Section = Readonly<Record<string, unknown>>
interface Table {
  readonly [key: string]: Merge | Table
}

function mergeSection(table: Table, above: string, user: Section, repository: Section, defaults: Section) {
  const section: Record<string, unknown> = { ...user }
  const limits: Limit[] = []
  for (const [key, merge] of Object.entries(table)) {
    const name = above + key
    if (typeof merge === 'object') {
      const [mine, theirs, usual] = [user, repository, defaults].map((of) => (of[key] ?? {}) as Section)
      const inner = mergeSection(merge, `${name}.`, mine!, theirs!, usual!)
      section[key] = inner.section
      limits.push(...inner.limits)
    } else if (merge === 'least') {
      const limit = leastOf(name, user[key], repository[key], defaults[key])
      if (limit.from === 'repository') section[key] = limit.value
      limits.push(limit)
    }
  }
  return { section, limits }
}

function leastOf(key: string, user: unknown, repository: unknown, usual: unknown): Limit {
  const own = (user ?? usual ?? null) as number | null
  const theirs = (repository ?? null) as number | null
  if (theirs !== null && theirs < (own ?? Infinity)) return { key, value: theirs, from: 'repository', passedOver: null }
  const passedOver = theirs !== null && theirs > own! ? theirs : null
  return { key, value: own, from: user === undefined ? 'default' : 'user', passedOver }
}
