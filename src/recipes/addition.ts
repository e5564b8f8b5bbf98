import type { RepoPath } from '../types.ts'

/** A past commit that added something, with its files. */
export interface PastAddition {
  readonly commit: string
  /** Commit time, seconds since 1970. */
  readonly time: number
  readonly title: string
  /** The kind of thing that it added one more of, by its title (kindAdded); null: none. */
  readonly kind: string | null
  readonly modified: readonly RepoPath[]
  readonly created: readonly RepoPath[]
}
