import type { CapLeft } from '../../src/daemon/caps.ts'
import type { Limits } from '../../src/llm/budget.ts'
import type { Batches } from '../../src/llm/open-batches.ts'
import type { Price } from '../../src/llm/prices.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Llm } from '../../src/types.ts'
import type { AwakeModel } from '../night/item-cost.ts'
import type { BacklogSettings } from '../night/night-options.ts'
import type { SleepProgress } from './sleep-report.ts'

export interface SleepOptions {
  readonly repo: Repo
  readonly store: Store
  /** From refreshFacts: the facts are up to date. */
  readonly worktree: number
  /** null: summaries are built without a model. */
  readonly llm: Llm | null
  /** Of the model; needed for a limit and for an estimate in US$. */
  readonly price?: Price | null
  /** The model that would be asked awake; null: none is set. */
  readonly awake?: AwakeModel | null
  /** For this pass; tokens are input plus output. */
  readonly budget: Limits
  /** What the caps of day and month leave; the budget is not more. Absent: there is no cap. */
  readonly cap?: CapLeft | undefined
  /** Whether summaries leave room in the caps of day and month for one draft of a request to come. */
  readonly reservesDraft?: boolean
  /** Why the budget is 0, if a cap of the user is reached. */
  readonly noBudget?: { readonly reason: string; readonly fix: string } | undefined
  /** Tells the user how to raise the budget; default: by the options of the command. */
  readonly raise?: string | undefined
  /** Concurrent calls; default 4. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: SleepProgress) => void
  readonly dryRun?: boolean
  /** Requests of the backlog are drafted first, with the model. Absent: they are not. */
  readonly backlog?: BacklogSettings | undefined
  /** The Batch API of the endpoint; absent: there is none, or nothing is left there and nothing waits. */
  readonly batches?: Batches | undefined
  /** Calls that need no answer now are left with the Batch API. */
  readonly leaveInBatch?: boolean
  /** Nothing but the backlog. */
  readonly onlyBacklog?: boolean
  /** What the backlog is at. */
  readonly onBacklog?: (text: string) => void
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** The model replays a recording: nothing is paid. */
  readonly recorded?: boolean
}
