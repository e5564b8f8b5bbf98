import type { Limits } from '../../src/llm/budget.ts'
import type { Price } from '../../src/llm/prices.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Llm } from '../../src/types.ts'
import type { SleepProgress } from './sleep-report.ts'

export interface SleepOptions {
  readonly repo: Repo
  readonly store: Store
  /** As refreshFacts reported it: the facts are up to date. */
  readonly worktree: number
  /** null: summaries are put together without a model. */
  readonly llm: Llm | null
  /** Of the model; needed for a limit in US$ and for an estimate of them. */
  readonly price?: Price | null
  /** Of this pass; tokens are input and output together. */
  readonly budget: Limits
  /** Calls at once; default 4. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: SleepProgress) => void
  readonly dryRun?: boolean
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** The model repeats a recording: nothing is paid. */
  readonly recorded?: boolean
}
