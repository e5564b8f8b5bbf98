import type { RepoPath } from '../types.ts'

/** A commit of the past that added something, and the files it took. */
export interface PastAddition {
  readonly commit: string
  /** Commit time, seconds since 1970. */
  readonly time: number
  readonly title: string
  /** Of what kind it added another one, by its title: see kindAdded. */
  readonly kind: string | null
  readonly modified: readonly RepoPath[]
  readonly created: readonly RepoPath[]
}
