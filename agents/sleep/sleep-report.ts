import type { StopReason, Usage } from '../../src/types.ts'

/** Why a pass ended and what to do about it, on one line. */
export function reasonInFull({ reason, fix }: Pick<SleepReport, 'reason' | 'fix'>): string | null {
  return reason !== null && fix !== null ? `${reason} (${fix})` : reason
}

export interface SleepProgress {
  /** Summaries of files, folders and the repository. */
  readonly written: number
  /** Of which the model gave no usable answer. */
  readonly failed: number
  /** How many the pass will come to within its budget, as far as can be said by now. */
  readonly total: number
  /** How many there are to be written, by this pass and by later ones. */
  readonly due: number
  readonly tokens: number
  readonly usd: number | null
  /** null: nothing to go by yet. */
  readonly etaMs: number | null
  /** The subject done last. */
  readonly current: string
}

export interface SleepEstimate {
  /** Summaries that the pass would write within its budget: by a model, the most valuable first; without one, they take no tokens. */
  readonly subjects: readonly {
    readonly subject: string
    readonly kind: string
    readonly inputTokens: number
    readonly outputTokens: number
  }[]
  readonly inputTokens: number
  readonly outputTokens: number
  readonly usd: number | null
  /** Summaries that are due and that the budget leaves for later passes. */
  readonly later: { readonly subjects: number; readonly inputTokens: number; readonly outputTokens: number }
  /** What would be learned of the history, without a model, in lines. */
  readonly learning: readonly string[]
}

export interface SleepReport {
  /** Id of the receipt; null for a dry run. */
  readonly pass: number | null
  readonly model: string
  readonly stop: StopReason
  /** In words, where there is more to say. */
  readonly reason: string | null
  /** What the user can do about calls that failed; null: none has. */
  readonly fix: string | null
  /** Summaries saved, symbols' included. */
  readonly written: number
  /** Subjects whose summary was found again. */
  readonly reused: number
  /** Answers and claims that did not hold. */
  readonly rejected: number
  /** Summaries that are due and were not come to: where the budget is used up, or the pass was ended. */
  readonly left: number
  readonly notes: readonly string[]
  /** Its calls are those made, failed ones among them. */
  readonly usage: Usage
  readonly failedCalls: number
  /** What a pass would do, on a dry run. */
  readonly estimate: SleepEstimate | null
}
