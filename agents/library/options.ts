import type { RefreshReport } from '../../src/indexing/refresh-facts.ts'
import type { Llm } from '../../src/types.ts'
import type { FeatureResult } from '../feature/agent.ts'
import type { Deciding } from '../feature/checking.ts'
import type { SleepProgress } from '../sleep/sleep-report.ts'

export interface OpenOptions {
  /** The database. Default: in the git folder, or REPOSE_DB. */
  readonly db?: string
  /** Name of the model, in place of that of the configuration. */
  readonly model?: string
  /** The model itself, in place of one of the configuration: anything that completes a request. */
  readonly llm?: Llm
  readonly signal?: AbortSignal
}

export interface CallOptions {
  /** Ends the call, which then throws the reason of the signal; sleep() and implement() end with `stop: 'interrupted'` once they have begun. */
  readonly signal?: AbortSignal
}

export interface ReadOptions extends CallOptions {
  /** Called while files are read; only a first call has many. */
  readonly onProgress?: (progress: ReadingProgress) => void
}

/** Files are read: at the start of every call, if something has changed. */
export interface ReadingProgress {
  readonly step: 'reading'
  readonly done: number
  readonly total: number
}

export interface PackOptions extends ReadOptions {
  /** Default: `packTokens` of the configuration. */
  readonly budgetTokens?: number
}

export interface FindOptions extends ReadOptions {
  /** Only in this file or folder. */
  readonly in?: string
}

export interface AskOptions extends ReadOptions {
  /** Whether a question is put to the model, if one is set. Default: false, the index answers. */
  readonly useModel?: boolean
}

export interface CheckOptions extends ReadOptions {
  /** What the change is for: the usual steps of such a request count too. */
  readonly request?: string
}

export interface PassOptions extends CallOptions {
  /** Tokens that the pass may use, input plus output. */
  readonly budgetTokens?: number
  readonly maxUsd?: number
  /** Calls at once. Default: 4. */
  readonly concurrency?: number
  /** Estimates, and spends nothing. */
  readonly dryRun?: boolean
}

export type PassProgress =
  | ReadingProgress
  | ({ readonly step: 'summaries' } & SleepProgress)
  | { readonly step: 'backlog'; readonly text: string }

export interface ImplementOptions extends CallOptions {
  readonly effort?: 'auto' | 'low' | 'high'
  /** Commands that must pass. Default: those of the user's configuration, else of the repository if the user trusts them. */
  readonly checks?: readonly string[]
  /** Protected files or folders that may be changed. */
  readonly allow?: readonly string[]
  /** Continue if a check fails before any edit. */
  readonly mend?: boolean
  /** All tokens of all calls. Default: 400,000. */
  readonly budgetTokens?: number
  readonly maxUsd?: number
  /** Applies a finished result to the working tree. Default: false, it is only kept (repose apply RUN) and returned. */
  readonly apply?: boolean
  /** Commits a finished result to this new branch. */
  readonly branch?: string
  /** Asked before edits that decide what checks run are checked without a cage. Absent: the checks then do not run. */
  readonly confirm?: (edits: readonly Deciding[]) => Promise<boolean>
}

export type ImplementProgress = ReadingProgress | { readonly step: 'agent'; readonly text: string }

/** As `repose implement --json` prints it. */
export interface ImplementResult extends FeatureResult {
  readonly untrustedChecks: readonly string[]
  /** The branch to which it was committed; null: none. */
  readonly branch: string | null
  /** Where the result went, in words; null: nowhere. */
  readonly applied: string | null
  /** Why it is not done, or went nowhere although it should, and what to do about it. */
  readonly error: string | null
  readonly fix: string | null
}

export type Refreshed = Omit<RefreshReport, 'worktree'>
