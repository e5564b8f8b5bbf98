import type { RepoPath } from '../types.ts'

/** One commit of the log. */
export interface LoggedCommit {
  readonly hash: string
  /** What was asked for, in its order, as plain text without secrets; of a longer one its first 20,000 bytes. */
  readonly fields: readonly string[]
  /** The first 2,000. */
  readonly changes: readonly LoggedChange[]
  /** A content that git needs to tell what the commit renamed, and that is not in this clone (a partial one): renames without a change are told. null: all are. */
  readonly missing: string | null
}

export interface LoggedChange {
  /** A, D, M, R or T. */
  readonly letter: string
  /** After the commit; of a deleted file, before it. A secret in it is left out: such a path is of no file that is read. */
  readonly path: RepoPath
  /** What was renamed to it; null: nothing. */
  readonly was: RepoPath | null
  /** Of a renamed file: how much of its content stayed, in percent. 100 otherwise. */
  readonly similarity: number
  /** Modes and contents, before and after. */
  readonly modes: readonly [string, string]
  readonly blobs: readonly [string, string]
}
