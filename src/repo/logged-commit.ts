import type { RepoPath } from '../types.ts'

/** One commit of the log. */
export interface LoggedCommit {
  readonly hash: string
  /** The requested fields in order, as plain text without secrets, each cut to 20,000 bytes. */
  readonly fields: readonly string[]
  /** At most the first 2,000. */
  readonly changes: readonly LoggedChange[]
  /**
   * A content that git needs to detect renames and that this clone lacks (a partial clone). Only renames without an edit are then reported.
   * null: all renames are.
   */
  readonly missing: string | null
}

export interface LoggedChange {
  /** A, D, M, R or T. */
  readonly letter: string
  /** After the commit; for a deleted file, before it. A secret in it is removed: no file with such a path is read. */
  readonly path: RepoPath
  /** The path before the rename; null: not renamed. */
  readonly was: RepoPath | null
  /** Percentage of the content that a renamed file kept. Otherwise 100. */
  readonly similarity: number
  /** Modes and content ids, before and after. */
  readonly modes: readonly [string, string]
  readonly blobs: readonly [string, string]
}
