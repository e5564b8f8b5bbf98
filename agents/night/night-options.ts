import type { CapLeft } from '../../src/daemon/caps.ts'
import type { Budget } from '../../src/llm/budget.ts'
import type { Price } from '../../src/llm/prices.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Llm } from '../../src/types.ts'
import type { CageSettings } from '../../src/verify/cage/cage.ts'
import type { BatchCalls } from './batch-calls.ts'
import type { AwakeModel } from './item-cost.ts'

/** What a night may do with the backlog. */
export interface BacklogSettings {
  /** Commands that a draft must pass; untrusted ones are not among them. */
  readonly checks: readonly string[]
  /** Checks of the repository that do not run, since the user does not trust them. */
  readonly untrusted?: readonly string[]
  readonly checkTimeoutMs: number
  readonly cage: CageSettings
  readonly maxFileBytes: number
  /** Most drafts of one item. */
  readonly drafts: number
  /** The model is asked for forecasts. */
  readonly forecasts: boolean
}

export interface NightOptions extends BacklogSettings {
  readonly repo: Repo
  readonly store: Store
  /** From refreshFacts: the facts are up to date. */
  readonly worktree: number
  /** Number of the pass in the ledger. */
  readonly pass: number
  readonly llm: Llm
  /** Of the whole pass. */
  readonly budget: Budget
  readonly price: Price | null
  /** The cap that limits the budget now; undefined: the budget is less than the caps of day and month leave. */
  readonly cap?: () => CapLeft['of'] | undefined
  /** Tells the user how to raise the budget; default: by the options of the command. */
  readonly raise?: string | undefined
  /** The model that would be asked awake; null: none is set. */
  readonly awake?: AwakeModel | null
  /** Calls that need no answer now are left there, or answered from there; absent: there is no Batch API. */
  readonly batch?: BatchCalls | undefined
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** The model replays a recording: nothing is paid. */
  readonly recorded: boolean
  readonly onProgress?: ((text: string) => void) | undefined
}

/** What became of the backlog in one pass. */
export interface NightReport {
  readonly drafted: readonly number[]
  readonly planned: readonly number[]
  /** Items with questions to the user. */
  readonly needsYou: readonly number[]
  /** Items that an unexpected error ended, each with its stack. They are in `needsYou`, too. */
  readonly failed: readonly { readonly item: number; readonly error: string }[]
  /** Drafts that were moved to the new HEAD. */
  readonly moved: readonly number[]
  /** Earlier drafts that are good again, since HEAD is back at their commit. */
  readonly back: readonly number[]
  /** Drafts on which checks ran that had not run on them. */
  readonly checked: readonly number[]
  /** Items whose draft HEAD already has. */
  readonly there: readonly number[]
  /** Requests that were forecast. */
  readonly forecast: readonly number[]
  /** Forecasts that came true. */
  readonly came: readonly number[]
  /** Forecasts that were dropped, since nobody asked for them. */
  readonly missed: readonly number[]
  /** Items that are left for a later pass. */
  readonly left: number
  readonly notes: readonly string[]
}
