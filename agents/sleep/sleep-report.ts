import type { StopReason, Usage } from '../../src/types.ts'
import type { NightReport } from '../night/night-options.ts'

/** Why a pass ended and what to do about it, in one line. */
export function reasonInFull({ reason, fix }: Pick<SleepReport, 'reason' | 'fix'>): string | null {
  return reason !== null && fix !== null ? `${reason} (${fix})` : reason
}

export interface SleepProgress {
  /** Summaries of files, folders and the repository. */
  readonly written: number
  /** Subjects without a usable answer of the model. */
  readonly failed: number
  /** How many the pass will finish within its budget, by the present estimate. */
  readonly total: number
  /** How many are to be written, by this pass and by later ones. */
  readonly due: number
  readonly tokens: number
  readonly usd: number | null
  /** null: no data yet. */
  readonly etaMs: number | null
  /** The subject done last. */
  readonly current: string
}

export interface SleepEstimate {
  /** Summaries that the pass would write within its budget. With a model: the most valuable first. Without one they take no tokens. */
  readonly subjects: readonly {
    readonly subject: string
    readonly kind: string
    readonly inputTokens: number
    readonly outputTokens: number
  }[]
  readonly inputTokens: number
  readonly outputTokens: number
  readonly usd: number | null
  /** Due summaries that the budget leaves for later passes. */
  readonly later: { readonly subjects: number; readonly inputTokens: number; readonly outputTokens: number }
  /** Requests of the backlog that the pass would work on; isStale: for the second time. null: nothing is to be drafted. */
  readonly backlog: readonly { readonly id: number; readonly title: string; readonly isStale: boolean }[] | null
  /** Whether the budget has room for a draft. */
  readonly hasDraftRoom: boolean
  /** The cap of the user that limits the budget; null: none. */
  readonly cap: 'day' | 'month' | null
  /** Tokens of that cap that the summaries leave for a draft of a request to come. */
  readonly keptForDraft: number
  /** Whether the model would be asked what may be asked for next. */
  readonly asksForecasts: boolean
  /** Who reads what a pass makes, by kind. */
  readonly readers: readonly { readonly kind: string; readonly by: string }[]
  /** What the history would teach without a model, as lines. */
  readonly learning: readonly string[]
}

export interface SleepReport {
  /** Id of the receipt; null for a dry run. */
  readonly pass: number | null
  readonly model: string
  readonly stop: StopReason
  /** In words, if there is more to report. */
  readonly reason: string | null
  /** What the user can do about failed calls; null: none failed. */
  readonly fix: string | null
  /** The cap of the user because of which the pass ended; null: none. */
  readonly capped: 'day' | 'month' | null
  /** Summaries saved, including those of symbols. */
  readonly written: number
  /** Subjects whose existing summary still holds. */
  readonly reused: number
  /** Answers and claims that were refused. */
  readonly rejected: number
  /** Due summaries that were not reached, because the budget was used up or the pass was ended. */
  readonly left: number
  readonly notes: readonly string[]
  /** Calls made, failed ones included. */
  readonly usage: Usage
  readonly failedCalls: number
  /** What became of the backlog; null: nothing was to be drafted. */
  readonly backlog: NightReport | null
  /** What a pass would do, for a dry run. */
  readonly estimate: SleepEstimate | null
}
