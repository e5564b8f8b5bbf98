import type { Repo } from '../../src/repo/open-repo.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { FileNumbers } from './file-numbers.ts'
import type { LastRequest } from './last-request.ts'

/** One repository, with facts that were just brought up to date: what every answer is made from. */
export interface ServedIndex {
  readonly repo: Repo
  readonly store: Store
  readonly worktree: number
  readonly maxFileBytes: number
  /** Tokens of a pack, if the call does not say. */
  readonly packTokens: number
  readonly numbers: FileNumbers
  readonly lastRequest: LastRequest
  readonly signal: AbortSignal
}
